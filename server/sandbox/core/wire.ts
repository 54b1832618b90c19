import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '#server/kernel/refusal.ts';

const largestBody = 64 * 1024;

/** @throws Refusal `too_large` above 64 KiB; the rest is read and forgotten, so that the caller hears of it. */
export function readText(request: IncomingMessage): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
    else reject(new Refusal('too_large', `A body has at most ${largestBody} bytes.`));
  });
  request.on('end', () => resolve(Buffer.concat(chunks).toString()));
  request.on('error', reject);
  return promise;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  sendText(response, status, JSON.stringify(body), headers);
}

/** @param text  JSON, as a rule. */
export function sendText(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}) {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

export function sendRefusal(response: ServerResponse, refusal: Refusal) {
  const { code, message, param } = refusal;
  // A key used for another request is a conflict here, as in draft-ietf-httpapi-idempotency-key-header, section 2.7.
  const status = code === 'idempotency_mismatch' ? 409 : refusal.status;
  sendJson(response, status, { error: { code, message, ...(param !== undefined && { param }) } });
}

export function sendFailure(response: ServerResponse) {
  sendJson(response, 500, { error: { code: 'internal', message: 'Something went wrong here.' } });
}
