import type { Cast, Scene } from '../cast.ts';
import { calm, type Weather } from '../wire.ts';

/** Of what a provider may do to a refund: now and then nothing goes wrong at all. */
const rough: Weather = { lost: 0.1, unanswered: 0.15, late: 0.1, refused: 0.15 };

/** Each can have its own: what is too much is only so together. */
export const refunds: Scene = {
  name: 'refunds',
  about: 'three refunds of 6 on a capture of 10, from up to three processes',
  given: { payments: 1, state: 'captured', amount: 10n },
  weather: (dice) => (dice.chance('rough', 0.4) ? rough : calm),
  begin(cast) {
    for (const n of [0, 1, 2]) void refund(cast, n);
  },
};

function refund({ dice, fixture, api, ask }: Cast, n: number): Promise<void> {
  const at = dice.chance(`process of ${n}`, 0.7) ? n : dice.whole(`other process of ${n}`, 3);
  return ask(api(at), { verb: 'refund' }, async ({ payments }) => {
    const [payment] = fixture.payments;
    const view = await payments.refund(fixture.caller, { paymentId: payment?.id ?? '', amount: 6n });
    return { id: view.id, is: view.status };
  });
}
