import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FaultKind, faults } from '../faults.ts';
import type { Plan } from '../plan.ts';
import { rejectAbove, reviewAbove } from './payments.ts';
import { planOf } from './plan-of.ts';

const wishes = { payments: 200, faults: 1 };
const hundred = Array.from({ length: 100 }, (_, seed) => planOf(seed, wishes));

test('a seed is a plan: the same again, and another one for another seed', () => {
  assert.deepEqual(planOf(7, wishes), planOf(7, wishes));
  assert.notDeepEqual(planOf(7, wishes).payments, planOf(8, wishes).payments);
});

test('no two payments of a plan have the same amount, also where some are of the smallest', () => {
  const small = Array.from({ length: 200 }, (_, n) => n).filter((n) => n % 3 === 0);
  for (const plan of [planOf(1, wishes), planOf(1, { ...wishes, left: { without: [], plain: [], small } })]) {
    assert.equal(new Set(plan.payments.map(({ amount }) => amount)).size, 200);
  }
});

test('what is left away changes nothing else', () => {
  const whole = planOf(3, wishes);
  const only = [4, 17, 90];
  const [first] = whole.faults.filter((fault) => 'payment' in fault && fault.payment === 17);
  assert(first);
  const plan = planOf(3, { ...wishes, left: { only, without: [first.id], plain: [4], small: [] } });
  assert.deepEqual(
    plan.payments.slice(1),
    whole.payments.filter(({ n }) => n === 17 || n === 90),
  );
  assert.deepEqual(plan.payments[0], { ...whole.payments[4], wish: 'nothing', refunds: [] });
  assert.deepEqual(
    plan.faults,
    whole.faults.filter((fault) => fault.id !== first.id && ofOneOf(fault, only)),
  );
});

test('each fault has a name of its own', () => {
  for (const { faults } of hundred) assert.equal(new Set(faults.map(({ id }) => id)).size, faults.length);
});

/** A provider that goes up and down meets many payments, and counts as often. */
const meetsMany: ReadonlySet<FaultKind> = new Set(['F18']);

test('each kind of the catalogue is planned at least eight times among a thousand payments', () => {
  const planned = new Map<FaultKind, number>();
  for (const { faults } of hundred) for (const { kind } of faults) planned.set(kind, (planned.get(kind) ?? 0) + 1);
  for (const kind of Object.keys(faults) as FaultKind[]) {
    const perThousand = ((planned.get(kind) ?? 0) / (hundred.length * 200)) * 1_000;
    assert.ok(perThousand >= (meetsMany.has(kind) ? 3 : 8), `${kind}: ${perThousand}`);
  }
});

test('a webhook is lost mostly where there was no answer either, so that nobody tells', () => {
  const first = { silent: [0, 0], answered: [0, 0] };
  for (const { payments, faults } of hundred) {
    for (const { n } of payments) {
      const mine = faults.filter((fault) => 'payment' in fault && fault.payment === n);
      const lost = mine.find(({ kind }) => kind === 'F26');
      if (lost?.on !== 'webhook') continue;
      const isSilent = mine.some((fault) => fault.on === 'exchange' && fault.asked === 'authorize');
      const count = first[isSilent ? 'silent' : 'answered'];
      count[0] = (count[0] ?? 0) + Number(lost.nth === 1);
      count[1] = (count[1] ?? 0) + 1;
    }
  }
  const share = ([ones = 0, all = 1]: number[]) => ones / all;
  assert.ok(share(first.silent) > share(first.answered) + 0.1, JSON.stringify(first));
});

test('some payments are so large that a person looks, and some so large that risk says no', () => {
  const amounts = hundred.flatMap(({ payments }) => payments.map(({ amount }) => amount));
  const share = (is: (amount: number) => boolean) => amounts.filter(is).length / amounts.length;
  assert.ok(share((amount) => amount > reviewAbove && amount <= rejectAbove) > 0.01);
  assert.ok(share((amount) => amount > rejectAbove) > 0.004);
});

test('without faults there are none', () => {
  assert.deepEqual(planOf(1, { payments: 50, faults: 0 }).faults, []);
});

function ofOneOf(fault: Plan['faults'][number], payments: number[]): boolean {
  return !('payment' in fault) || fault.payment === undefined || payments.includes(fault.payment);
}
