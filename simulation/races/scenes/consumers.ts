import type { Consumer } from '#server/events/consumer.ts';
import type { Cast, Scene } from '../cast.ts';
import { scribe } from '../stage.ts';
import { calm } from '../wire.ts';

/** Numbers are given when a transaction begins to write and seen when it commits: a later one may be seen first. */
export const consumers: Scene = {
  name: 'consumers',
  about: 'two workers run one consumer, which may fail, while two payments move: whoever commits late is waited for',
  given: { payments: 2, state: 'authorized', amount: 10n },
  weather: () => calm,
  consumes: true,
  begin(cast) {
    const { dice } = cast;
    const failures = dice.pick('failures', [0, 0, 1, 2]);
    const consumer = clumsy(failures);
    const moving = [0, 1].map((n) => captureAndRefund(cast, n));
    const reading = [0, 1].map((n) => consume(cast, { n, runs: dice.whole(`runs of ${n}`, 3) + 4, consumer }));
    void Promise.all([...moving, ...reading]).then(() => catchUpInTime(cast, consumer, failures));
  },
};

/** Writes down what it sees, and has to be handed a capture again once or twice. */
function clumsy(failures: number): Consumer {
  let left = failures;
  return {
    name: scribe.name,
    async effect(tx, events) {
      await scribe.effect(tx, events);
      if (left === 0 || !events.some(({ trigger }) => trigger === 'capture')) return;
      left -= 1;
      throw new Error('this cannot be dealt with yet');
    },
  };
}

function captureAndRefund({ dice, fixture, api, ask }: Cast, n: number): Promise<void> {
  const { caller, payments: paid } = fixture;
  const paymentId = paid[n]?.id ?? '';
  return ask(api(n), { verb: 'capture' }, async ({ payments }) => {
    const { id, state } = await payments.capture(caller, { paymentId });
    if (dice.chance(`refund of ${n}`, 0.3)) await payments.refund(caller, { paymentId, amount: 5n });
    return { id, is: state };
  });
}

interface Reading {
  n: number;
  runs: number;
  consumer: Consumer;
}

function consume({ dice, worker, ask }: Cast, { n, runs, consumer }: Reading): Promise<void> {
  return ask(worker(n), { verb: 'consume' }, async ({ bus }) => {
    for (let run = 0; run < runs; run++) await bus.run(consumer, dice.pick(`limit ${n} ${run}`, [1, 2, 10]));
    return undefined;
  });
}

/** What is left to read is read, and what was put aside is tried again after one second, and after three. */
async function catchUpInTime({ schedule, worker, ask }: Cast, consumer: Consumer, failures: number): Promise<void> {
  const process = worker(0);
  for (const ms of failures > 0 ? [0, 2_000, 5_000] : [0]) {
    await new Promise<void>((ring) => schedule.alarm(process.name, { what: 'wakes', ms, ring }));
    await ask(process, { verb: 'consume' }, async ({ bus }) => void (await bus.run(consumer, 100)));
  }
}
