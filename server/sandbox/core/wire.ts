import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '#server/kernel/refusal.ts';

const largestBody = 64 * 1024;

/** @throws Refusal `too_large` above 64 KiB. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Refusal('too_large', `A body has at most ${largestBody} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const text = JSON.stringify(body);
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
  // The rest of a body that is too large stays unread, so the connection cannot be used again.
  const headers: Record<string, string> = code === 'too_large' ? { connection: 'close' } : {};
  sendJson(response, status, { error: { code, message, ...(param !== undefined && { param }) } }, headers);
}

export function sendFailure(response: ServerResponse) {
  sendJson(response, 500, { error: { code: 'internal', message: 'Something went wrong here.' } });
}
