import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Acquirer } from './acquirer.ts';
import type { Books } from './books.ts';
import { makeConsole } from './console.ts';
import type { Call, Desk } from './door.ts';
import { type Entry, effectOf } from './entry.ts';
import { readBody, readLever, readReplay } from './input.ts';
import type { Levers } from './levers.ts';
import type { Webhooks } from './webhooks.ts';
import { readText, sendJson } from './wire.ts';

export interface TesterOptions {
  acquirer: Acquirer;
  books: Pick<Books, 'forgetKeys'>;
  levers: Levers;
  /** Undefined where nobody is told anything. */
  webhooks: Webhooks | undefined;
  random: Random;
  mode: 'test' | 'live';
}

/**
 * The tester's side, which no real acquirer has: the books to compare with, the levers that make it fail, and a console
 * in which things happen that the merchant never asked for.
 */
export function makeTester({ acquirer, books, levers, webhooks, random, mode }: TesterOptions): Desk {
  const inConsole = makeConsole({ acquirer, random });
  const answers: Record<string, (call: Call) => Promise<void>> = {
    'GET books': (call) => sendBooks(acquirer, call),
    'GET levers': async ({ response }) => sendJson(response, 200, levers.list()),
    'POST levers': async ({ request, response }) => {
      sendJson(response, 201, levers.pull(readLever(readBody(await readText(request)))));
    },
    'DELETE levers': async ({ response }) => {
      levers.release();
      sendJson(response, 200, levers.list());
    },
    'DELETE keys': async ({ response }) => {
      books.forgetKeys();
      sendJson(response, 200, {});
    },
    'POST chargebacks': inConsole.taking('chargeback'),
    'POST console/refunds': inConsole.taking('refund'),
    'POST console/voids': inConsole.letting,
    'POST webhooks/replay': async ({ request, response }) => {
      const which = readReplay(readBody(await readText(request)));
      sendJson(response, 200, { replayed: (await webhooks?.replay(which)) ?? 0 });
    },
  };

  return async (call) => {
    const name = `${call.method} ${call.segments.join('/')}`;
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    if (!answer) return false;
    if (mode !== 'test') throw new Refusal('forbidden', 'Books, levers and the console exist in test mode only.');
    await answer(call);
    return true;
  };
}

/** One line per effect that really happened, oldest first; `?reference=` and `?last4=` choose among them. */
async function sendBooks(acquirer: Acquirer, { response, query }: Call): Promise<void> {
  const entries = await acquirer.entries();
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  await pipeline(Readable.from(effectLines(entries, query)), response);
}

function* effectLines(entries: readonly Entry[], query: URLSearchParams): Generator<string> {
  const reference = query.get('reference');
  const last4 = query.get('last4');
  for (const entry of entries) {
    const effect = effectOf(entry);
    if (!effect) continue;
    if ((reference ?? effect.reference) !== effect.reference || (last4 ?? effect.last4) !== effect.last4) continue;
    yield `${JSON.stringify(effect)}\n`;
  }
}
