import type { Cast, Scene } from '../cast.ts';
import type { Weather } from '../wire.ts';

const rough: Weather = { lost: 0.1, unanswered: 0.3, late: 0.2, refused: 0.1 };

/** Who repairs is the most dangerous writer of all: the one it repairs for may still be alive. */
export const twoSweeps: Scene = {
  name: 'two-sweeps',
  about: 'two workers ask about a capture, or a refund, whose own process is still waiting for the answer',
  given: { payments: 1, state: 'authorized', amount: 10n },
  weather: () => rough,
  begin(cast) {
    const during = cast.dice.pick('during', ['capture', 'refund'] as const);
    if (during === 'capture') sweepOften(cast);
    void takeAndGiveBack(cast, () => {
      if (during === 'refund') sweepOften(cast);
    });
  },
};

async function takeAndGiveBack({ fixture, api, ask }: Cast, captured: () => void): Promise<void> {
  const { caller, payments: paid } = fixture;
  const paymentId = paid[0]?.id ?? '';
  await ask(api(0), { verb: 'capture' }, async ({ payments }) => {
    const { id, state } = await payments.capture(caller, { paymentId });
    return { id, is: state };
  });
  captured();
  await ask(api(0), { verb: 'refund' }, async ({ payments }) => {
    const view = await payments.refund(caller, { paymentId, amount: 6n });
    return { id: view.id, is: view.status };
  });
}

function sweepOften(cast: Cast): void {
  for (const n of [0, 1]) void sweep(cast, n);
}

/** An operation may be asked about five seconds after it was sent, and again two seconds later. */
async function sweep({ schedule, worker, ask }: Cast, n: number): Promise<void> {
  const process = worker(n);
  for (const ms of [6_000, 6_000]) {
    await new Promise<void>((ring) => schedule.alarm(process.name, { what: 'wakes', ms, ring }));
    await ask(process, { verb: 'sweep' }, async ({ payments }) => void (await payments.sweep(10)));
  }
}
