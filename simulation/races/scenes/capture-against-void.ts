import type { Cast, Scene } from '../cast.ts';
import { calm, type Weather } from '../wire.ts';

const rough: Weather = { lost: 0.1, unanswered: 0.15, late: 0.1, refused: 0.15 };

/** Money is taken or let go, and never both. */
export const captureAgainstVoid: Scene = {
  name: 'capture-against-void',
  about: 'captures and a void of one authorization, at once and from different processes',
  given: { payments: 1, state: 'authorized', amount: 10n },
  weather: (dice) => (dice.chance('rough', 0.4) ? rough : calm),
  begin(cast) {
    const { dice } = cast;
    void capture(cast, 0, 10n);
    void cancel(cast, dice.chance('one process', 0.15) ? 0 : 1);
    if (dice.chance('a second capture', 0.5)) void capture(cast, 2, 4n);
  },
};

function capture({ fixture, api, ask }: Cast, n: number, amount: bigint): Promise<void> {
  return ask(api(n), { verb: 'capture' }, async ({ payments }) => {
    const [payment] = fixture.payments;
    const view = await payments.capture(fixture.caller, { paymentId: payment?.id ?? '', amount });
    return { id: view.id, is: view.state };
  });
}

function cancel({ fixture, api, ask }: Cast, n: number): Promise<void> {
  return ask(api(n), { verb: 'cancel' }, async ({ payments }) => {
    const [payment] = fixture.payments;
    const view = await payments.cancel(fixture.caller, { intentId: payment?.intentId ?? '' });
    return { id: view.id, is: view.payment?.state ?? 'gone' };
  });
}
