import type { ServerResponse } from 'node:http';
import type { Clock } from '#server/kernel/clock.ts';
import type { Route } from './api.ts';
import { Fault } from './fault.ts';
import { Fields } from './form.ts';
import { type Answered, makeKeys } from './keys.ts';
import type { makeLevers } from './levers.ts';
import { shown } from './render.ts';

export interface Asked {
  route: Route;
  fields: string;
  path: string;
  /** The idempotency key; empty where there is none. */
  key: string;
}

/** Answers requests to the API: each key once, and the levers' faults before or after it takes effect. */
export function makeFrontDesk({ levers, clock }: { levers: ReturnType<typeof makeLevers>; clock: Clock }) {
  const once = makeKeys();

  return async ({ route, fields, path, key }: Asked, response: ServerResponse): Promise<void> => {
    const lever = levers.take(route.kind);
    const pause = async () => clock.sleep(lever?.milliseconds ?? 1_000);
    const late = lever?.after === true;
    if (lever?.fault === 'slow' && !late) await pause();
    if (lever?.fault === 'lose_before' || (lever?.fault === 'reset' && !late)) return cut(response);
    if (lever?.fault === 'error' && !late) throw gatewayError();
    const work = () => attempt(() => route.answer(new Fields(fields), key));
    const answered = key === '' ? work() : once(key, `${path} ${fields}`, work);
    if (lever?.fault === 'lose_after' || lever?.fault === 'reset') return cut(response);
    if (lever?.fault === 'error') throw gatewayError();
    if (lever?.fault === 'slow' && late) await pause();
    say(response, answered);
  };
}

function attempt(work: () => object): Answered {
  try {
    return { status: 200, text: JSON.stringify(work()) };
  } catch (error) {
    // A card's "no" is kept under its key like every other answer; what is wrong with a request is not.
    if (error instanceof Fault && error.status === 402) return written(error);
    throw error;
  }
}

function cut({ socket }: ServerResponse): void {
  socket?.destroy();
}

export function say(response: ServerResponse, { status, text }: Answered): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_FlorinTest' }).end(text);
}

/** Says what went wrong, unless nobody listens any more. */
export function fail(response: ServerResponse, error: unknown): void {
  const fault = error instanceof Fault ? error : new Fault(500, { type: 'api_error', message: String(error) });
  if (!response.headersSent && !response.destroyed) say(response, written(fault));
}

function written({ status, error, intent }: Fault): Answered {
  return { status, text: JSON.stringify({ error: { ...error, ...(intent && { payment_intent: shown(intent) }) } }) };
}

function gatewayError(): Fault {
  return new Fault(500, { type: 'api_error', message: 'An error occurred internally with Stripe.' });
}
