import { type Random, unguessable } from '#server/kernel/secret.ts';
import type { Acquirer, Ask } from './acquirer.ts';
import { decideChargeback, decideRefund, decideVoid } from './decide.ts';
import type { Call } from './door.ts';
import { answerOf, httpStatus } from './entry.ts';
import { type Body, readAmount, readBody, readRef } from './input.ts';
import { readText, sendJson } from './wire.ts';

type Asked = Pick<Ask, 'kind' | 'facts' | 'decide'>;

const decisions = { refund: decideRefund, chargeback: decideChargeback };

/** What happens without the merchant's asking. */
export function makeConsole({ acquirer, random }: { acquirer: Pick<Acquirer, 'perform'>; random: Random }) {
  const made =
    (read: (body: Body) => Asked) =>
    async ({ request, response }: Call): Promise<void> => {
      const asked = read(readBody(await readText(request)));
      const key = `console-${unguessable(random)}`;
      const { entry } = await acquirer.perform({ key, ...asked, origin: 'console' });
      sendJson(
        response,
        httpStatus[entry.status],
        answerOf(entry, () => ''),
      );
    };
  return {
    /** Takes from a capture: the request is `{capture, amount}`. */
    taking: (kind: keyof typeof decisions) =>
      made((body) => {
        const ask = { id: readRef(body.capture, 'capture'), amount: readAmount(body) };
        return { kind, facts: [ask.id, ask.amount], decide: (...at) => decisions[kind](...at, ask) };
      }),
    /** Lets the hold of an authorisation go: the request is `{authorization}`. */
    letting: made((body) => {
      const id = readRef(body.authorization, 'authorization');
      return { kind: 'void', facts: [id], decide: (...at) => decideVoid(...at, { id }) };
    }),
  };
}
