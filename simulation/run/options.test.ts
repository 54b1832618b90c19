import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf } from '../plans/plan-of.ts';
import { readOptions, replayLine } from './options.ts';

const argv = (line: string) => line.replace('npm run simulate -- ', '').split(' ');

test('a replay line, read again, names the same plan', () => {
  const left = { only: [4, 17], without: ['F9.17', 'F1.1'], plain: [17], small: [4] };
  const replay = { seed: 123, payments: 50, faults: 3, left };
  const { seed = -1, payments, faults, left: read } = readOptions(argv(replayLine(replay)));
  assert.deepEqual({ seed, payments, faults, left: read }, replay);
  assert.deepEqual(planOf(seed, { payments, faults, left: read }), planOf(123, { ...replay }));
});

test('what is not left away is not in the line', () => {
  const left = { without: [], plain: [], small: [] };
  assert.equal(replayLine({ seed: 5, payments: 200, faults: 1, left }), 'npm run simulate -- --seed 5');
  assert.match(replayLine({ seed: 5, payments: 200, faults: 0, left }), / --faults 0$/);
});

test('no payments at all is something else than all of them', () => {
  assert.deepEqual(readOptions(['--only', '']).left.only, []);
  assert.equal(readOptions([]).left.only, undefined);
});

test('an unknown option and what is no number are refused by their names', () => {
  assert.throws(() => readOptions(['--sedes', '3']), /--sedes/);
  assert.throws(() => readOptions(['--seeds', '1e9']), /--seeds takes a whole number/);
  assert.throws(() => readOptions(['--only', '4,x']), /--only takes a whole number/);
});
