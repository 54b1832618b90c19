import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShownEntry, ShownOperation } from '#server/trpc/payment-view.ts';
import { groupByOperation } from './timeline-groups.ts';

const operation = (id: string) => ({ id }) as ShownOperation;
const entry = (seq: number, operationId: string | null) => ({ id: `evt_${seq}`, seq, operationId }) as ShownEntry;

test('refunds that ran side by side come apart, in the order in which they began', () => {
  const entries = [entry(1, null), entry(2, 'a'), entry(3, 'b'), entry(4, 'b'), entry(5, 'a')];
  const groups = groupByOperation(entries, [operation('a'), operation('b')]);
  assert.deepEqual(
    groups.map(({ operation: of, entries: all }) => [of?.id, all.map(({ seq }) => seq)]),
    [
      [undefined, [1]],
      ['a', [2, 5]],
      ['b', [3, 4]],
    ],
  );
});

test("the payment's own events stay where they happened, and none is lost", () => {
  const entries = [entry(1, null), entry(2, null), entry(3, 'a'), entry(4, null)];
  const groups = groupByOperation(entries, [operation('a')]);
  assert.deepEqual(
    groups.map(({ entries: all }) => all.map(({ seq }) => seq)),
    [[1, 2], [3], [4]],
  );
});
