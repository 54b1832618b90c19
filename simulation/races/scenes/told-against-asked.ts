import { keyOf, type Order, type Say } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Cast, Scene } from '../cast.ts';
import type { Process } from '../process.ts';
import type { Weather } from '../wire.ts';

const rough: Weather = { lost: 0.1, unanswered: 0.3, late: 0.1, refused: 0.1 };
const exchange = { milliseconds: 1 };

/** All that is said of a payment meets: what we asked for, what we ask about, and what we are told unasked. */
export const toldAgainstAsked: Scene = {
  name: 'told-against-asked',
  about: 'a refund of 6 of 10, while webhooks and a settlement line tell of it, of a foreign refund and a chargeback',
  given: { payments: 1, state: 'captured', amount: 10n },
  weather: () => rough,
  begin(cast) {
    const { dice, wire } = cast;
    wire.acted = (order, outcome) => tellOf(cast, order, outcome);
    void refund(cast);
    void sweepLater(cast);
    if (dice.chance('a foreign refund', 0.7)) void actAlone(cast, 'refund', dice.pick('foreign amount', [3n, 6n, 10n]));
    if (dice.chance('a chargeback', 0.4)) void actAlone(cast, 'chargeback', dice.pick('charged back', [4n, 10n]));
  },
};

function refund({ fixture, api, ask }: Cast): Promise<void> {
  return ask(api(0), { verb: 'refund' }, async ({ payments }) => {
    const [payment] = fixture.payments;
    const view = await payments.refund(fixture.caller, { paymentId: payment?.id ?? '', amount: 6n });
    return { id: view.id, is: view.status };
  });
}

/** An operation may be asked about five seconds after it was sent. */
async function sweepLater({ schedule, worker, ask }: Cast): Promise<void> {
  const process = worker(0);
  await new Promise<void>((ring) => schedule.alarm(process.name, { what: 'wakes', ms: 6_000, ring }));
  await ask(process, { verb: 'sweep' }, async ({ payments }) => void (await payments.sweep(10)));
}

/** The acquirer tells of what we asked for, by webhooks that may come first, twice, or never. */
function tellOf(cast: Cast, order: Order, outcome: Outcome): void {
  const { dice, schedule } = cast;
  const { kind } = order;
  if (kind === 'cancel') return;
  const say: Say = { about: 'operation', key: keyOf(order), kind, outcome };
  const times = dice.pick(`told ${schedule.figures.steps}`, [0, 1, 1, 2]);
  for (let n = 0; n < times; n++) void hear(cast, cast.api(1 + n), { cause: 'webhook', say });
}

/** Something happens at the acquirer that nobody here has asked for: it is told twice, also by a settlement line. */
async function actAlone(cast: Cast, kind: 'refund' | 'chargeback', amount: bigint): Promise<void> {
  const { schedule, acquirer, fixture, api, worker } = cast;
  const id = fixture.payments[0]?.id ?? '';
  const captureRef = fixture.journal.find((entry) => entry.kind === 'capture')?.ref ?? '';
  const act = () => acquirer.actAlone(kind, id, amount);
  const ref = await schedule.step({ who: 'acquirer', what: `makes a ${kind} of ${amount} by itself`, run: act });
  const of = { captureRef, amount, currency: 'EUR', exchange } as const;
  const say: Say =
    kind === 'refund'
      ? { about: 'foreign_refund', refundRef: ref, ...of }
      : { about: 'chargeback', chargebackRef: ref, ...of };
  void hear(cast, api(1), { cause: 'webhook', say });
  void hear(cast, api(2), { cause: 'webhook', say });
  void hear(cast, worker(1), { cause: 'settlement', say });
}

/** Long enough for a row that was held to be free again, and how often it is tried. */
const pause = 1_000;
const handedOver = 5;

/** What was told is stored before it is answered: where nobody could take it in just now, it is handed over again. */
async function hear(
  { ask, answers, schedule }: Cast,
  process: Process,
  told: { cause: 'webhook' | 'settlement'; say: Say },
): Promise<void> {
  const asked = { verb: `hear of ${told.say.about.replace('_', ' ')} by ${told.cause}` };
  for (let times = 0; times < handedOver; times++) {
    await ask(process, asked, async ({ payments }) => void (await payments.hear({ provider: 'alder', ...told })));
    const no = answers.findLast((one) => one.asked === asked)?.no;
    if (!no || !('refusal' in no) || no.refusal !== 'unavailable') return;
    await new Promise<void>((ring) => schedule.alarm(process.name, { what: 'hands it over again', ms: pause, ring }));
  }
}
