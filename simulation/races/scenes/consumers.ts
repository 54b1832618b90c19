import type { Cast, Scene } from '../cast.ts';
import { scribe } from '../stage.ts';
import { calm } from '../wire.ts';

/** Numbers are given when a transaction begins to write and seen when it commits: a later one may be seen first. */
export const consumers: Scene = {
  name: 'consumers',
  about:
    'two workers run one consumer while two payments are captured and refunded: whoever commits late is waited for',
  given: { payments: 2, state: 'authorized', amount: 10n },
  weather: () => calm,
  consumes: true,
  begin(cast) {
    const { dice } = cast;
    void captureAndRefund(cast, 0);
    void captureAndRefund(cast, 1);
    for (const n of [0, 1]) void consume(cast, n, dice.whole(`runs of ${n}`, 3) + 4);
  },
};

function captureAndRefund({ dice, fixture, api, ask }: Cast, n: number): Promise<void> {
  const { caller, payments: paid } = fixture;
  const paymentId = paid[n]?.id ?? '';
  return ask(api(n), { verb: 'capture' }, async ({ payments }) => {
    const { id, state } = await payments.capture(caller, { paymentId });
    if (dice.chance(`refund of ${n}`, 0.3)) await payments.refund(caller, { paymentId, amount: 5n });
    return { id, is: state };
  });
}

function consume({ dice, worker, ask }: Cast, n: number, runs: number): Promise<void> {
  return ask(worker(n), { verb: 'consume' }, async ({ bus }) => {
    for (let run = 0; run < runs; run++) await bus.run(scribe, dice.pick(`limit ${n} ${run}`, [1, 2, 10]));
    return undefined;
  });
}
