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
      return found;
    } finally {
      await stage.close();
      await stage.database.drop();
    }
  },
};

async function questions(stage: Stage, size: number): Promise<Question[]> {
  const deep = await idNear(stage, 0.9);
  const goal: Goal = { of: 'value', atMost: 5 };
  const list = (what: string, filter: PaymentFilter, after?: string): Question => ({
    what,
    goal,
    ask: ({ payments }, caller) => payments.list(caller, { filter, limit, ...(after !== undefined && { after }) }),
  });
  const part = (what: string, search: string, filter: PaymentFilter = {}) => ({
    ...list(what, { ...filter, search }),
    goal: { of: 'value', atMost: 30 } as const,
  });
  const { reference, intent, provider_ref: providerRef } = await near(stage, 0.5);
  const month = new Date(Date.now() - (400 - 400 * (size / 20e6)) * 86_400_000);
  const priced = { amountFrom: 9_900n, amountTo: 49_900n };
  const longAgo = { createdFrom: new Date(+month - 30 * 86_400_000), createdTo: month };
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
    list('failed or voided, birch, GBP', { states: ['failed', 'voided'], provider: 'birch', currency: 'GBP' }),
    list('a state that nothing is in', { states: ['authorized'] }),
    list('99.00 to 499.00, failed, birch, deep page', { ...priced, states: ['failed'], provider: 'birch' }, deep),
    list('an amount that is not there', { amountFrom: 1n, amountTo: 99n }),
    list('a month long ago, failed, USD', { ...longAgo, states: ['failed'], currency: 'USD' }),
    list('last four digits, and not there', { last4: '4242', states: ['voided'] }),
    part('a part of a reference', reference.slice(4, -1)),
    part('the end of an intent id', showId('intent', intent).slice(-9)),
    part("the end of a provider's id", providerRef.slice(-12)),
    part('a part of an e-mail address', 'er4711@exam'),
    part('a part that most have', 'shopper'),
    part('a part that only the oldest have', 'HG-00000'),
    part('a part that is not there', 'nowhere to be'),
    part('a part of an address, failed, EUR', 'er4711', { states: ['failed'], currency: 'EUR' }),
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

interface Named {
  id: string;
  reference: string;
  intent: string;
  provider_ref: string;
}

async function near({ database, merchants }: Stage, share: number): Promise<Named> {
  const [row] = await asAdmin(
    database.url('owner'),
    (sql) => sql<Named[]>`
      SELECT r.id, r.reference, r.intent_id AS intent, o.provider_ref
      FROM payment_rows r JOIN operations o ON o.payment_id = r.id AND o.kind = 'authorize'
      WHERE r.merchant_id = ${merchants[0].id} AND r.state = 'captured'
      ORDER BY r.id DESC OFFSET (
        SELECT (count(*) * ${share}::float8)::int FROM payment_rows WHERE merchant_id = ${merchants[0].id} AND state = 'captured') LIMIT 1`,
  );
  if (!row) throw new Error('the first merchant has payments of the past');
  return row;
}
