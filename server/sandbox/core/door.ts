import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Secret, sameSecret, sha256 } from '#server/kernel/secret.ts';
import { answerHealth } from '#server/observability/health.ts';
import type { Log } from '#server/observability/log.ts';
import { continueTrace } from '#server/observability/trace.ts';
import { sendFailure, sendRefusal } from './wire.ts';

/** An authenticated request, with its path in parts. */
export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  segments: readonly string[];
  query: URLSearchParams;
}

/** Answers the call, or says false where the path is none of its own. */
export type Desk = (call: Call) => Promise<boolean>;

export interface DoorOptions {
  /** For cardholders, who have no key: asked first. */
  hall: Desk;
  /** For callers with the key, asked in this order. */
  desks: readonly Desk[];
  key: Secret;
  /** Opens the settlement files, to be read, and nothing else. */
  reportsKey?: Secret | undefined;
  ready: () => boolean;
  log: Log;
}

/** The way in: health and the hall for everybody, all else for callers with the key. Refusals and failures are JSON. */
export function makeDoor({ hall, desks, key, reportsKey, ready, log }: DoorOptions) {
  const keys = { all: bearing(key), reports: reportsKey && bearing(reportsKey) };

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const call = readCall(request, response);
    if (await hall(call)) return;
    if (!mayCome(call, keys)) {
      throw new Refusal('unauthenticated', 'Send the API key as "Authorization: Bearer <key>".');
    }
    for (const desk of desks) if (await desk(call)) return;
    throw new Refusal('not_found', 'No such method and path.');
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (await answerHealth(request, response, { ready })) return;
      await continueTrace(request.headers, () => answer(request, response));
    } catch (error) {
      // The caller hung up, or a lever cut the line.
      if (response.headersSent || response.destroyed) return;
      if (error instanceof Refusal) return sendRefusal(response, error);
      log.error({ error }, 'a request failed');
      sendFailure(response);
    }
  };
}

interface Keys {
  all: Buffer;
  reports: Buffer | undefined;
}

function bearing(key: Secret): Buffer {
  return sha256(`Bearer ${key.reveal()}`);
}

function mayCome({ request, method, segments }: Call, { all, reports }: Keys): boolean {
  const shown = sha256(request.headers.authorization ?? '');
  if (sameSecret(shown, all)) return true;
  return reports !== undefined && method === 'GET' && segments[0] === 'settlements' && sameSecret(shown, reports);
}

function readCall(request: IncomingMessage, response: ServerResponse): Call {
  const [path = '', query] = (request.url ?? '').split('?', 2);
  try {
    const segments = path.split('/').slice(1).map(decodeURIComponent);
    return { request, response, method: request.method ?? '', segments, query: new URLSearchParams(query) };
  } catch {
    throw new Refusal('not_found', 'The path is malformed.');
  }
}
