import type { Clock } from '#server/kernel/clock.ts';
import { readId } from '#server/kernel/id.ts';
import type { Log } from '#server/observability/log.ts';
import { histogram } from '#server/observability/metrics.ts';
import type { Acquirer } from './acquirer.ts';
import type { Books } from './books.ts';
import type { Call, Desk } from './door.ts';
import { answerOf, type ChallengeUrl, httpStatus } from './entry.ts';
import { readBody, readKey } from './input.ts';
import { type Answer, answerUnder } from './interrupt.ts';
import type { AskKind, Levers } from './levers.ts';
import { routeOf } from './routes.ts';
import { readText } from './wire.ts';

export interface OperationsOptions {
  acquirer: Acquirer;
  books: Books;
  levers: Levers;
  challengeUrl: ChallengeUrl;
  /** Added to every request, in milliseconds. */
  latency: number;
  clock: Clock;
  log: Log;
}

/** The merchant's side: the four operations and the inquiry. */
export function makeOperations(options: OperationsOptions): Desk {
  const { acquirer, books, levers, challengeUrl, latency, clock, log } = options;
  const seconds = histogram({
    name: 'florin_sandbox_request_seconds',
    help: 'Time to answer, by kind of request and how it ended.',
    labels: ['kind', 'ending'],
  });

  async function interruptible(call: Call, kind: AskKind, last4: string | undefined, process: () => Promise<Answer>) {
    const stop = seconds.startTimer({ kind });
    if (latency > 0) await clock.sleep(latency);
    const lever = levers.take('answer', { kind, last4 });
    const failed = (error: unknown) => log.error({ error }, 'what was to be done later failed');
    stop({ ending: await answerUnder({ call, lever, clock, process, failed }) });
  }

  async function operate(call: Call): Promise<boolean> {
    const found = routeOf(call.segments);
    if (!found) return false;
    const { route, id } = found;
    const key = readKey(call.request.headers['idempotency-key']);
    const ask = route.read({ key, id, body: readBody(await readText(call.request)) });
    await interruptible(call, route.kind, ask.last4 ?? last4Behind(books, id), async () => {
      const { entry, replayed } = await acquirer.perform(ask);
      const { reference, amount, status, code } = entry;
      // Florin's reference is its payment's id as shown; one id ties the lines of all processes together.
      const payment = readId('payment', reference) ?? reference;
      const fields = { payment, operation: key, kind: route.kind, amount, status, code };
      log.info(fields, replayed ? 'operation answered again' : 'operation decided');
      return {
        status: httpStatus[entry.status],
        body: answerOf(entry, challengeUrl),
        ...(replayed && { headers: { 'idempotent-replayed': 'true' } }),
      };
    });
    return true;
  }

  async function inquire(call: Call, key: string): Promise<true> {
    await interruptible(call, 'inquire', last4Behind(books, key), async () => {
      const entry = await acquirer.inquire(key);
      if (entry) return { status: 200, body: answerOf(entry, challengeUrl) };
      return { status: 404, body: { status: 'absent', key, message: 'No operation with this key is known.' } };
    });
    return true;
  }

  return async (call) => {
    const [first, key, ...more] = call.segments;
    if (call.method === 'GET' && first === 'operations' && key && more.length === 0) return inquire(call, key);
    return call.method === 'POST' && operate(call);
  };
}

/** The card's last four digits, behind an authorisation, a capture or the key of an operation. */
function last4Behind(books: Books, name: string): string | undefined {
  return (books.authorization(name)?.entry ?? books.capture(name)?.entry ?? books.byKey(name))?.last4;
}
