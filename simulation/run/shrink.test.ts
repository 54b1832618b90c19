import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../plan.ts';
import { planOf } from '../plans/plan-of.ts';
import { readOptions } from './options.ts';
import { type Fails, shrink } from './shrink.ts';

const breach = { invariant: 'I1', says: 'two live authorisations' };
const failing = { seed: 3, payments: 200, faults: 1, breach };

/** Fails while a plan holds these payments and these faults, as a real mistake would. */
function needs(payments: readonly number[], faults: readonly string[], also: (plan: Plan) => boolean = () => true) {
  const seen: Plan[] = [];
  const fails: Fails = async (plan) => {
    seen.push(plan);
    const is = payments.every((n) => plan.payments.some((one) => one.n === n));
    const struck = faults.every((id) => plan.faults.some((one) => one.id === id));
    return is && struck && also(plan) ? breach : undefined;
  };
  return { fails, seen };
}

const whole = planOf(3, failing);
const faultOf = (n: number) => whole.faults.find((fault) => 'payment' in fault && fault.payment === n)?.id ?? '';

test('of two hundred payments the two that matter are left, with the one fault that matters', async () => {
  const { fails, seen } = needs([17, 90], [faultOf(17)]);
  const { plan, runs, line } = await shrink(failing, fails, 200);
  assert.deepEqual(
    plan.payments.map(({ n }) => n),
    [17, 90],
  );
  assert.deepEqual(
    plan.faults.map(({ id }) => id),
    [faultOf(17)],
  );
  assert.equal(runs, seen.length);
  assert.match(line, /^npm run simulate -- --seed 3 --only 17,90 --without .+ --plain 17,90 --small 17,90$/);
});

test('where it is known which payment is broken, it is tried first, alone', async () => {
  const { fails, seen } = needs([41], []);
  const { plan } = await shrink({ ...failing, broken: [41] }, fails, 200);
  assert.deepEqual(
    seen[0]?.payments.map(({ n }) => n),
    [41],
  );
  assert.equal(plan.payments.length, 1);
});

test('the line alone makes the plan that was found', async () => {
  const { fails } = needs([41], [faultOf(41)]);
  const { plan, line } = await shrink(failing, fails, 200);
  const { seed = -1, ...read } = readOptions(line.split(' ').slice(4));
  assert.deepEqual(planOf(seed, read), plan);
  assert.equal((await fails(plan))?.invariant, 'I1');
});

test('what is needed stays: refunds, and an amount', async () => {
  const refunded = whole.payments.find(({ refunds }) => refunds.length > 1);
  assert(refunded);
  const { fails } = needs([refunded.n], [], (plan) =>
    plan.payments.some(({ n, refunds }) => n === refunded.n && refunds.length > 1),
  );
  const { plan, left } = await shrink(failing, fails, 200);
  assert.deepEqual([left.plain, left.small], [[], [refunded.n]]);
  assert.equal(plan.payments[0]?.refunds.length, refunded.refunds.length);
});

test('it ends after as many runs as it may take, with what still fails', async () => {
  const { fails, seen } = needs([17, 90], [faultOf(17)]);
  const { plan, runs } = await shrink(failing, fails, 12);
  assert.equal(runs, 12);
  assert.equal(seen.length, 12);
  assert.ok(await fails(plan));
});

test('a mistake that never shows again leaves the plan as it was', async () => {
  const { plan } = await shrink(failing, async () => undefined, 20);
  assert.deepEqual(plan, whole);
});
