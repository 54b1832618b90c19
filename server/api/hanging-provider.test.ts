import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '#server/providers/resilience/limits.ts';
import { type Acquirer, type Processes, startProcesses } from './testing/processes.ts';

// One provider hangs for thirty seconds under load; the shoppers of the other must not notice, and the one that hangs
// must not get more requests for it. All in real processes, and twice: in one house it hangs, in its twin all is well.
// Whatever else the machine is doing, it is doing to both in the same second.

/** Charges a second, by provider, in each house. */
const rates = { alder: 8, birch: 15 };
/** Few enough that no line is ever full: what holds charges back then is not that there is no place for them. */
const slowly = { alder: 5 };
/** How long birch takes to answer, as an acquirer does, and how long alder does not, in milliseconds. */
const answersAfter = 250;
const hangsFor = 30_000;
/** How long a charge is waited for where nothing else is set. */
const givenUpAfter = limits.parse({}).authorize.deadline;
/** Seconds of load: until the processes are warm, while alder hangs, and while it loses charges alone. */
const phases = { warm: 4, hanging: 9, losing: 12 };
/** Requests that an acquirer may get for each charge that is wanted of it while it hangs, whoever sends them. */
const amplification = 1.2;
const kinds = ['authorize', 'capture', 'void', 'refund', 'cancel', 'inquire'] as const;
/** A p99 of this many milliseconds with nothing wrong is the machine's. */
const outOfBreath = 3_000;

let house: Processes;
let twin: Processes;

before(async () => {
  const only = (currency: 'EUR' | 'USD', provider: string, position: number) => ({
    position,
    conditions: { currencies: [currency] },
    choice: { by: 'order' as const, providers: [provider] },
  });
  // Short enough that the whole story happens: charges hang, run into their deadline, are stopped, tried again, and the
  // worker asks what became of them. The twin, where it is well, has the product's own.
  const short = { deadline: 3_000 };
  const shortly = { alder: { authorize: short, inquire: short, breaker: { pause: 2_000 } } };
  const rules = [only('EUR', 'alder', 1), only('USD', 'birch', 2)];
  [house, twin] = await Promise.all([startProcesses({ limits: shortly, rules }), startProcesses({ rules })]);
  for (const { birch } of [house, twin]) {
    await birch.pull({ fault: 'slow', kind: 'authorize', milliseconds: answersAfter });
  }
  await Promise.all([house, twin].map((one) => measure(one, phases.warm)));
});
after(() => Promise.all([house?.stop(), twin?.stop()]));

test('a provider that hangs takes nothing from the other, and is not asked more often for it', async (t) => {
  const before = await charges(house);
  for (const kind of kinds) await house.alder.pull({ fault: 'hang', kind, milliseconds: hangsFor });
  const [hanging, well] = await Promise.all([house, twin].map((one) => measure(one, phases.hanging)));
  assert.ok(hanging && well);
  const { all: received, authorize: sends } = await receivedAt(house.alder);
  const offered = rates.alder * phases.hanging;

  const rises = hanging.seconds.map((during, second) => during / (well.seconds[second] ?? Number.NaN) - 1);
  const rise = median(rises);
  // Two houses differ from second to second by chance; so much their median differs by it.
  const chance = 2 * errorOf(rises);
  const p99 = `${median(hanging.seconds).toFixed(0)} ms while alder hangs, ${median(well.seconds).toFixed(0)} ms while it is well`;
  t.diagnostic(`p99 at birch, median of seconds: ${p99}`);
  t.diagnostic(`rise ${percent(rise)}, by chance ±${percent(chance)}`);
  t.diagnostic(`alder: ${offered} charges wanted, ${received} requests received, of them ${sends} charges`);

  // On a machine that is out of breath with nothing wrong, shoppers run into deadlines by themselves.
  if (median(well.seconds) < outOfBreath) assert.equal(hanging.failed, 0);
  assert.ok(sends > 0, 'alder hung');
  assert.ok(sends < offered, 'charges were stopped');
  assert.ok(received <= amplification * offered, `${received} requests for ${offered} charges`);
  assert.ok(sends <= (await charges(house)) - before, 'each charge left once at most');
  assert.ok(rise <= 0.1 + chance, `a rise of ${percent(rise)}`);
});

// Alder swallows charges, and answers questions: nothing has come. So the worker could send again whatever is asked
// about, while the first send still hangs. Longer than it takes until the first are given up.
test('charges that hang are not sent again while they do', async (t) => {
  for (const kind of kinds) {
    const hangs = kind === 'authorize';
    await twin.alder.pull({ kind, fault: hangs ? 'hang' : 'slow', milliseconds: hangs ? hangsFor : 1 });
  }
  const before = await charges(twin);
  await load(twin, slowly, phases.losing);
  const { authorize: sends, inquire: questions } = await receivedAt(twin.alder);
  const wanted = slowly.alder * phases.losing;
  t.diagnostic(`alder: ${wanted} charges wanted, ${sends} received, beside ${questions} questions that it answered`);
  assert.ok(questions > 0, 'the worker asked');
  assert.ok(sends > 0.7 * ((await charges(twin)) - before), 'nearly all were let out');
  assert.ok(sends <= amplification * wanted, `${sends} requests for ${wanted} charges`);
  assert.equal(await hurried(twin), 0, 'sent again while the first still hung');
});

/** What has reached an acquirer since its levers were pulled, by kind and in all. */
async function receivedAt(acquirer: Acquirer) {
  const took = await acquirer.levers();
  const of = (wanted: string) => took.find(({ kind }) => kind === wanted)?.took ?? 0;
  const all = took.reduce((sum, lever) => sum + lever.took, 0);
  return { all, authorize: of('authorize'), inquire: of('inquire') };
}

/** Offers providers of a house charges at an even pace, whatever becomes of those before. */
async function load(
  at: Processes,
  offered: Partial<typeof rates>,
  seconds: number,
  paid: (due: number, status: number) => void = () => {},
): Promise<void> {
  const began = performance.now();
  const wanted = Object.entries(offered).flatMap(([name, rate]) =>
    Array.from({ length: rate * seconds }, (_, n) => ({ name, due: began + (1_000 * n) / rate })),
  );
  const birch: Promise<void>[] = [];
  for (const { name, due } of wanted.sort((a, b) => a.due - b.due)) {
    await sleep(Math.max(0, due - performance.now()));
    if (name === 'alder') pay(at, 'eur').catch(() => {});
    // From when it was due: a load that waits for the house would not show how long the house takes.
    else birch.push(pay(at, 'usd').then((status) => paid(due, status)));
  }
  await Promise.all(birch);
}

async function pay({ api, key }: Processes, currency: string): Promise<number> {
  const body = new URLSearchParams({
    amount: '1000',
    currency,
    confirm: 'true',
    payment_method: 'pm_card_visa',
    capture_method: 'manual',
  });
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${api.url}/v1/payment_intents`, { method: 'POST', headers, body });
  const { status } = (await answer.json()) as { status?: string };
  return status === 'requires_capture' ? 200 : answer.status;
}

/** The p99 of birch's charges of each second, and how many were not authorised. */
async function measure(at: Processes, seconds: number) {
  const began = performance.now();
  const bySecond = Array.from({ length: seconds }, (): number[] => []);
  let failed = 0;
  await load(at, rates, seconds, (due, status) => {
    bySecond[Math.floor((due - began) / 1_000)]?.push(performance.now() - due);
    if (status !== 200) failed += 1;
  });
  return { seconds: bySecond.map((times) => quantile(times, 0.99)), failed };
}

/** Charges that were sent to alder again before the send before it was given up. */
async function hurried({ sql }: Processes): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    SELECT count(*)::int AS n FROM operations
    WHERE provider = 'alder' AND kind = 'authorize' AND sends = 2
      AND sent_at < opened_at + make_interval(secs => ${givenUpAfter}::int / 1000.0)`;
  return row?.n ?? 0;
}

/** Charges that were committed to be sent to alder. */
async function charges({ sql }: Processes): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    SELECT count(*)::int AS n FROM operations WHERE provider = 'alder' AND kind = 'authorize'`;
  return row?.n ?? 0;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Of their median, from the spread of the middle half. */
function errorOf(values: readonly number[]): number {
  const spread = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.349;
  return (1.253 * spread) / Math.sqrt(values.length);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
