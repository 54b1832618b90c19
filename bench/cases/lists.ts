import type { Caller } from '#server/auth/caller.ts';
import type { Composition } from '#server/composition/rooms.ts';
import { figures as hours } from '#server/figures/figures.ts';
import { showId } from '#server/kernel/id.ts';
import type { PaymentFilter } from '#server/payments/view.ts';
import type { Bench, Case, Figure, Goal } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { makeHistory } from '../house/history.ts';
import { openRooms } from '../house/rooms.ts';
import { openStage, type Stage } from '../house/stage.ts';
import { spreadOf } from '../measure/spread.ts';

const payments = 5_000_000;
const limit = 50;

/** As the pages' process asks. */
type Ask = (web: Composition, caller: Caller) => Promise<unknown>;

interface Question {
  what: string;
  ask: Ask;
  goal: Goal;
}

/** What people look at, on tables of years. */
export const lists: Case = {
  name: 'lists',
  measures:
    'What the console asks of the list of payments and of the hourly figures, for a merchant who has 1.5 of 5 ' +
    'million payments, by the verbs that its pages call. One after the other, memory warm; milliseconds at p95.',
  async run(bench) {
    const stage = await openStage(bench);
    try {
      const size = Math.max(1_000, Math.round(payments * bench.options.scale));
      await makeHistory({ bench, database: stage.database, merchants: stage.merchants }).growTo(size);
      const found: Figure[] = [];
      const { database, vault, merchants } = stage;
      const web = openRooms({ url: database.url('web'), service: 'web', vault });
      try {
        for (const question of await questions(stage, size)) {
          found.push(await put(bench, question, () => question.ask(web, merchants[0].caller)));
        }
      } finally {
        await web.close();
      }
      await examined(bench, database, { sample: 2_000 });
      return [...found, notOffered];
    } finally {
      await stage.close();
      await stage.database.drop();
    }
  },
};

/** The product's search is exact. What is not there cannot be measured, and is a miss. */
const notOffered: Figure = {
  what: 'fragment of a reference, p95',
  unit: 'ms',
  rounds: [],
  goals: [{ of: 'value', atMost: 30 }],
  details: { why: 'the list is searched by whole references, e-mail addresses and ids only' },
};

async function questions(stage: Stage, size: number): Promise<Question[]> {
  const deep = await idNear(stage, 0.9);
  const goal: Goal = { of: 'value', atMost: 5 };
  const list = (what: string, filter: PaymentFilter, after?: string): Question => ({
    what,
    goal,
    ask: ({ payments }, caller) => payments.list(caller, { filter, limit, ...(after !== undefined && { after }) }),
  });
  const reference = await referenceNear(stage, 0.5);
  const month = new Date(Date.now() - (400 - 400 * (size / 20e6)) * 86_400_000);
  return [
    list('first page', {}),
    list('deep page, nine tenths down', {}, deep),
    list('failed', { states: ['failed'] }),
    list('failed, deep page', { states: ['failed'] }, deep),
    list('one currency', { currency: 'GBP' }),
    list('failed, USD, 100.00 to 120.00', {
      states: ['failed'],
      currency: 'USD',
      amountFrom: 10_000n,
      amountTo: 12_000n,
    }),
    list('an amount to the cent', { amountFrom: 12_345n, amountTo: 12_345n }),
    list('one provider, an hour long ago', {
      provider: 'birch',
      createdFrom: month,
      createdTo: new Date(+month + 3.6e6),
    }),
    list('last four digits', { last4: '4242' }),
    list('whole reference', { search: reference }),
    list('a reference that is not there', { search: 'HG-nowhere' }),
    list('e-mail address', { search: 'shopper4711@example.com' }),
    list('payment id', { search: showId('payment', deep) }),
    {
      what: 'one payment, whole',
      goal,
      ask: ({ payments }, caller) => payments.payment(caller, deep),
    },
    {
      what: 'figures of a week, by hour',
      goal,
      ask: ({ sql }, caller) => hours(sql, caller, { from: new Date(+month - 7 * 86_400_000), to: month }),
    },
    { what: 'what waits, for the dashboard', goal, ask: ({ payments }) => payments.backlog() },
    {
      what: 'open escalations',
      goal,
      ask: ({ payments }, caller) => payments.escalations(caller, { open: true }),
    },
  ];
}

/** Each question thirty times for every second of a round, after three that warm its plan. */
async function put({ options, say }: Bench, { what, goal }: Question, ask: () => Promise<unknown>): Promise<Figure> {
  for (let n = 0; n < 3; n++) await ask();
  const rounds = [];
  for (let n = 1; n <= options.rounds; n++) {
    const times: number[] = [];
    for (let turn = 0; turn < Math.ceil(30 * options.seconds); turn++) {
      const began = performance.now();
      await ask();
      times.push(performance.now() - began);
    }
    rounds.push(spreadOf(times));
  }
  const [first] = rounds;
  say(`${what}: p50 ${first?.p50.toFixed(2)} ms, p95 ${first?.p95.toFixed(2)} ms`);
  return {
    what: `${what}, p95`,
    unit: 'ms',
    rounds: rounds.map(({ p95 }) => p95),
    goals: [goal],
    details: { p50: first?.p50 ?? Number.NaN, worst: Math.max(...rounds.map(({ worst }) => worst)) },
  };
}

/** Of the first merchant, so far down the list. */
async function idNear(stage: Stage, share: number): Promise<string> {
  return (await near(stage, share)).id;
}

async function referenceNear(stage: Stage, share: number): Promise<string> {
  return (await near(stage, share)).reference;
}

async function near({ database, merchants }: Stage, share: number): Promise<{ id: string; reference: string }> {
  const [row] = await asAdmin(
    database.url('owner'),
    (sql) => sql<{ id: string; reference: string }[]>`
      SELECT id, reference FROM payment_rows WHERE merchant_id = ${merchants[0].id}
      ORDER BY id DESC OFFSET (
        SELECT (count(*) * ${share}::float8)::int FROM payment_rows WHERE merchant_id = ${merchants[0].id}) LIMIT 1`,
  );
  if (!row) throw new Error('the first merchant has payments of the past');
  return row;
}
