import { type Random, unguessable } from '#server/kernel/secret.ts';
import type { Acquirer } from './acquirer.ts';
import { decideChargeback, decideRefund } from './decide.ts';
import type { Call } from './door.ts';
import { answerOf, httpStatus } from './entry.ts';
import { readAmount, readBody, readRef } from './input.ts';
import { readText, sendJson } from './wire.ts';

const decisions = { refund: decideRefund, chargeback: decideChargeback };

/** What happens to a capture without the merchant's asking: its request is `{capture, amount}`. */
export function makeConsole({ acquirer, random }: { acquirer: Pick<Acquirer, 'perform'>; random: Random }) {
  return (kind: keyof typeof decisions) =>
    async ({ request, response }: Call): Promise<void> => {
      const body = readBody(await readText(request));
      const ask = { id: readRef(body.capture, 'capture'), amount: readAmount(body) };
      const { entry } = await acquirer.perform({
        key: `console-${unguessable(random)}`,
        kind,
        facts: [ask.id, ask.amount],
        decide: (...at) => decisions[kind](...at, ask),
        origin: 'console',
      });
      sendJson(
        response,
        httpStatus[entry.status],
        answerOf(entry, () => ''),
      );
    };
}
