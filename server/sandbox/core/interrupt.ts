import type { Clock } from '#server/kernel/clock.ts';
import type { Call } from './door.ts';
import type { FaultAt, Lever } from './levers.ts';
import { sendFailure, sendJson, sendText } from './wire.ts';

/** What is sent, before a lever can come between. */
export interface Answer {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

export interface Interruptible {
  call: Call;
  lever: Lever<FaultAt<'answer'>> | undefined;
  clock: Clock;
  process: () => Promise<Answer>;
  /** Of what is processed when nobody waits any more. */
  failed: (error: unknown) => void;
}

/**
 * Processes the request and answers it, as the lever says.
 *
 * @returns How it ended, for the metrics: the status, or the fault in its place.
 */
export async function answerUnder({ call, lever, clock, process, failed }: Interruptible): Promise<string> {
  const { request, response } = call;
  const answer = ({ status, body, headers }: Answer) => {
    sendJson(response, status, body, headers);
    return String(status);
  };
  if (!lever) return answer(await process());
  const lateness = lever.milliseconds ?? 0;
  switch (lever.fault) {
    case 'slow': {
      if (!lever.after) await clock.sleep(lateness);
      const processed = await process();
      if (lever.after) await clock.sleep(lateness);
      return answer(processed);
    }
    case 'error':
      if (lever.after) await process();
      sendFailure(response);
      return '500';
    case 'reset':
      if (lever.after) await process();
      request.socket.resetAndDestroy();
      return lever.fault;
    case 'lose_after':
      await process();
      request.socket.destroy();
      return lever.fault;
    case 'lose_before':
      request.socket.destroy();
      return lever.fault;
    case 'hang':
      if (lever.after) await process();
      // The client may leave first; the timer must not keep anything alive.
      clock.after(lateness, () => request.socket.destroy());
      return lever.fault;
    case 'act_later':
      clock.after(lateness, () => void process().catch(failed));
      request.socket.destroy();
      return lever.fault;
    case 'rate_limit':
      sendJson(response, 429, { error: { code: 'rate_limited', message: 'Slow down.' } }, { 'retry-after': '1' });
      return '429';
    case 'broken_json': {
      const { status, body } = await process();
      sendText(response, status, JSON.stringify(body).slice(0, -1));
      return lever.fault;
    }
    default: {
      const { status, body, headers } = await process();
      sendJson(response, status, twisted(body, lever.fault), headers);
      return lever.fault;
    }
  }
}

/** The answer of an acquirer that has got something wrong. */
export function twisted(body: object, what: 'wrong_amount' | 'wrong_currency' | 'wrong_id'): object {
  const { amount, currency } = body as { amount?: unknown; currency?: unknown };
  if (what === 'wrong_amount') return { ...body, amount: Number(amount) + 1 };
  if (what === 'wrong_currency') return { ...body, currency: currency === 'USD' ? 'EUR' : 'USD' };
  return { ...body, authorization_id: 'auth_of_somebody_else', capture_id: 'cap_of_somebody_else' };
}
