import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateDiagram } from '#server/payments/view.ts';
import type { ShownEntry } from '#server/trpc/payment-view.ts';
import { edgesOf, pathOf } from './walked.ts';

const diagram: StateDiagram = {
  states: ['initiated', 'captured', 'refunded', 'failed'],
  moves: [
    { from: 'initiated', trigger: 'expire', to: 'failed' },
    { from: 'initiated', trigger: 'cancel', to: 'failed' },
    { from: 'captured', trigger: 'refund_all', to: 'refunded' },
    { from: 'refunded', trigger: 'undo_refund', to: 'captured' },
  ],
};
const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, second));
const step = (from: string | null, to: string, second: number) => ({ from, to, at: at(second) }) as ShownEntry;

test('moves between the same two states are one line', () => {
  const [line] = edgesOf(diagram, [], 'captured');
  assert.deepEqual(line, { from: 'initiated', to: 'failed', triggers: ['expire', 'cancel'], times: [], next: false });
});

test('a line that was walked twice knows both times; facts light nothing', () => {
  const entries = [
    step('captured', 'captured', 1),
    step('captured', 'refunded', 2),
    step('refunded', 'captured', 3),
    step('captured', 'refunded', 4),
  ];
  const edges = edgesOf(diagram, entries, 'refunded');
  assert.deepEqual(
    edges.map(({ times, next }) => [times, next]),
    [
      [[], false],
      [[at(2), at(4)], false],
      [[at(3)], true],
    ],
  );
  assert.deepEqual(
    pathOf(entries).map(({ state }) => state),
    ['refunded', 'captured', 'refunded'],
  );
});
