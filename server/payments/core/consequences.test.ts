import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everything, type Shape, shapeFor } from './consequences.ts';
import { usualBirths, usualMoves } from './mover.ts';
import { type BatchRows, batchRows, type Part } from './rows.ts';
import { ids } from './testing/given.ts';

const nothing = batchRows([], { ids, at: new Date() });
const carrying = (carried: readonly Part[]): BatchRows => ({ ...nothing, carried });

/** Every set of parts that a batch could carry. */
const sets = Array.from({ length: 2 ** everything.length }, (_, n) =>
  everything.filter((_, bit) => (n >> bit) % 2 === 1),
);

for (const [what, known] of Object.entries({ moves: usualMoves, births: usualBirths })) {
  test(`the statement of ${what} leaves out nothing that its batch carries, and has few shapes`, () => {
    const used = new Set<Shape>();
    for (const carried of sets) {
      const shape = shapeFor(known, carrying(carried));
      for (const part of carried) assert.ok(shape.has(part), `${carried}: ${part}`);
      used.add(shape);
    }
    assert.equal(used.size, known.length);
    assert.ok(known.length <= 8);
  });

  test(`a batch of ${what} is not written by a shape with more parts than another that has all it carries`, () => {
    for (const carried of sets) {
      const fitting = known.filter((shape) => carried.every((part) => shape.has(part)));
      const least = Math.min(...fitting.map(({ size }) => size));
      assert.equal(shapeFor(known, carrying(carried)).size, least, String(carried));
    }
  });
}

test('an empty batch carries nothing', () => {
  assert.deepEqual(nothing.carried, []);
  assert.equal(nothing.size, 0);
});
