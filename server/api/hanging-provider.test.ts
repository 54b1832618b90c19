import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Processes, startProcesses } from './testing/processes.ts';

// One provider hangs for thirty seconds under load; the shoppers of the other must not notice, and the one that hangs
// must not get more requests for it. All in real processes.

/** Charges a second, of each provider. */
const rates = { alder: 8, birch: 15 };
/** How long birch takes to answer, as an acquirer does, and how long alder does not, in milliseconds. */
const answersAfter = 250;
const hangsFor = 30_000;
/** A p99 of this many milliseconds with nothing wrong is the machine's. */
const outOfBreath = 3_000;
/** Seconds of load, before alder hangs and while it does. */
const phases = { calm: 6, hanging: 8 };

let house: Processes;

before(async () => {
  const only = (currency: string, provider: string, position: number) => ({
    position,
    conditions: { currencies: [currency] as never },
    choice: { by: 'order' as const, providers: [provider] },
  });
  // Short enough that the whole story happens: charges hang, run into their deadline, are stopped, and tried again.
  const limits = { alder: { authorize: { deadline: 3_000 }, breaker: { pause: 2_000 } } };
  house = await startProcesses({ limits, rules: [only('EUR', 'alder', 1), only('USD', 'birch', 2)] });
  await house.birch.pull({ fault: 'slow', kind: 'authorize', milliseconds: answersAfter });
  await load(1, () => {});
});
after(() => house.stop());

test('a provider that hangs takes nothing from the other, and is not asked more often for it', async (t) => {
  const calm = await measure(phases.calm);
  await house.alder.pull({ fault: 'hang', kind: 'authorize', milliseconds: hangsFor });
  await house.alder.pull({ fault: 'hang', kind: 'inquire', milliseconds: hangsFor });
  const before = await asked();
  const hanging = await measure(phases.hanging);
  const took = await house.alder.levers();
  const received = took.reduce((sum, lever) => sum + lever.took, 0);
  const offered = rates.alder * phases.hanging;
  const { operations } = await asked();
  const sends = took.find(({ kind }) => kind === 'authorize')?.took ?? 0;

  const [before99, during99] = [median(calm.seconds), median(hanging.seconds)];
  // The machine has moods of its own: by so much two medians of the same thing differ by chance.
  const chance = 2 * Math.hypot(errorOf(calm.seconds), errorOf(hanging.seconds));
  const rise = during99 / before99 - 1;
  t.diagnostic(
    `p99 at birch, median of seconds: ${before99.toFixed(0)} ms calm, ${during99.toFixed(0)} ms while alder hangs`,
  );
  t.diagnostic(`rise ${(100 * rise).toFixed(1)} %, by chance ±${((100 * chance) / before99).toFixed(1)} %`);
  t.diagnostic(`alder: ${offered} charges wanted, ${received} requests received, of them ${sends} charges`);

  // On a machine that is out of breath before anything hangs, shoppers run into deadlines by themselves.
  if (before99 < outOfBreath) assert.equal(hanging.failed, 0);
  assert.ok(sends > 0, 'alder hung');
  assert.ok(sends < offered, 'charges were stopped');
  assert.ok(received <= 1.2 * offered, `${received} requests for ${offered} charges`);
  assert.ok(sends <= operations - before.operations, 'each charge left once at most');
  assert.ok(during99 <= 1.1 * before99 + chance, `${during99} ms after ${before99} ms`);
});

/** Offers both providers their charges at an even pace, whatever becomes of those before. */
async function load(seconds: number, paid: (started: number, ended: number, status: number) => void): Promise<void> {
  const began = performance.now();
  const charges = Object.entries(rates).flatMap(([name, rate]) =>
    Array.from({ length: rate * seconds }, (_, n) => ({ name, at: began + (1_000 * n) / rate })),
  );
  const birch: Promise<void>[] = [];
  for (const { name, at } of charges.sort((a, b) => a.at - b.at)) {
    await sleep(Math.max(0, at - performance.now()));
    if (name === 'alder') pay('eur').catch(() => {});
    // From when it was due: a load that waits for the house would not show how long the house takes.
    else birch.push(pay('usd').then((status) => paid(at, performance.now(), status)));
  }
  await Promise.all(birch);
}

async function pay(currency: string): Promise<number> {
  const body = new URLSearchParams({
    amount: '1000',
    currency,
    confirm: 'true',
    payment_method: 'pm_card_visa',
    capture_method: 'manual',
  });
  const headers = { authorization: `Bearer ${house.key}` };
  const answer = await fetch(`${house.api.url}/v1/payment_intents`, { method: 'POST', headers, body });
  const { status } = (await answer.json()) as { status?: string };
  return status === 'requires_capture' ? 200 : answer.status;
}

/** The p99 of each second of load, and how many were not authorised. */
async function measure(seconds: number) {
  const began = performance.now();
  const bySecond: number[][] = [];
  let failed = 0;
  await load(seconds, (started, ended, status) => {
    const second = Math.floor((started - began) / 1_000);
    bySecond[second] = [...(bySecond[second] ?? []), ended - started];
    if (status !== 200) failed += 1;
  });
  return { seconds: bySecond.filter(Boolean).map((times) => quantile(times, 0.99)), failed };
}

async function asked() {
  const [row] = await house.sql<{ operations: number }[]>`
    SELECT count(*)::int AS operations FROM operations WHERE provider = 'alder' AND kind = 'authorize'`;
  return { operations: row?.operations ?? 0 };
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
