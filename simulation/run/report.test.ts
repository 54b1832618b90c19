import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FaultKind, faults } from '../faults.ts';
import { leftOut } from './left-out.ts';
import { asMarkdown, asText, neverTaken, type Run, tooSeldom } from './report.ts';
import type { SeedResult } from './seed.ts';
import { makeTally } from './tally.ts';
import { openAccount } from './totals.ts';

function result(seed: number, more: Partial<SeedResult> = {}): SeedResult {
  const tally = makeTally();
  tally.injected('F9');
  tally.took('F9', [1]);
  return {
    seed,
    payments: 4,
    breaches: [],
    broken: [],
    digest: `digest ${seed}`,
    counts: tally.counts(new Set()),
    met: [
      [1, ['F9']],
      [2, ['F8', 'F9', 'F26', 'F5']],
    ],
    edges: { 'authorized begin_capture': 3, create: 4 },
    ways: ['create collect', `create ${seed}`],
    steps: 100,
    lasted: 60_000,
    restAfter: seed * 1_000,
    ...more,
  };
}

function runOf(...results: SeedResult[]): Run {
  const account = openAccount();
  for (const one of results) account.add(one);
  const machine = { processor: '2 × test', memory: '4 GiB', node: 'v24', postgres: '18', commit: 'abc' };
  return { totals: account.totals(), machine, seconds: 2, workers: 1, command: 'npm run simulate' };
}

test('worlds add up: payments, faults, moves, and what differs is counted once', () => {
  const { totals } = runOf(result(1), result(2), result(9));
  assert.deepEqual([totals.seeds, totals.payments, totals.met], [3, 12, [6, 3, 0, 3]]);
  assert.deepEqual(totals.counts.F9, { injected: 3, took: 3, recovered: 3 });
  assert.deepEqual(totals.edges, { 'authorized begin_capture': 9, create: 12 });
  assert.deepEqual([totals.ways, totals.worlds], [4, 3]);
  assert.deepEqual(totals.rest, { median: 2_000, longest: 9_000 });
});

test('each kind under a thousand, and each move that nobody took, is named', () => {
  const { totals } = runOf(
    result(1, { counts: { ...result(1).counts, F8: { injected: 1_000, took: 1_000, recovered: 1_000 } } }),
  );
  assert.ok(!tooSeldom(totals).includes('F8'));
  assert.ok(tooSeldom(totals).includes('F9'));
  assert.ok(neverTaken(totals).includes('authorized void → voided'));
  assert.ok(!neverTaken(totals).some((move) => move.startsWith('authorized begin_capture')));
});

test('the catalogue is whole: what is not simulated is listed with a reason, and nothing is both', () => {
  const all = Array.from({ length: 62 }, (_, n) => `F${n + 1}` as const);
  const here = Object.keys(faults) as FaultKind[];
  assert.deepEqual([...here, ...Object.keys(leftOut)].sort(), [...all].sort());
  const text = asText(runOf(result(1)));
  for (const kind of all) assert.match(text, new RegExp(`^  ${kind} `, 'm'));
});

test('a violation stands in the report with its seed', () => {
  const breach = { invariant: 'I1', says: 'Two acquirers hold 5.00 EUR.' };
  const text = asMarkdown(runOf(result(7, { breaches: [breach] })));
  assert.match(text, /^\*\*4 simulated payments, 1 violations\*\*$/m);
  assert.match(text, /^\| seed 7 \| I1 \| Two acquirers hold 5\.00 EUR\. \|$/m);
});
