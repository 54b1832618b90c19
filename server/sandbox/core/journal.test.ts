import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { heldDisk, state, turn } from '../testing/held-disk.ts';
import { journalOn } from './journal.ts';

test('lines that arrive together share a write, and those that arrive meanwhile share the next one', async () => {
  const { disk, writes } = heldDisk();
  const journal = journalOn(disk, { clock: systemClock, broken: () => assert.fail() });
  const first = [journal.append({ n: 1 }), journal.append({ n: 2 })];
  await turn();
  const second = [journal.append({ n: 3 }), journal.append({ n: 4 })];
  await turn();
  assert.deepEqual(
    writes.map(({ text }) => text),
    ['{"n":1}\n{"n":2}\n'],
  );
  assert.equal(await state(Promise.race(first)), 'pending');

  writes[0]?.done.resolve();
  await Promise.all(first);
  assert.equal(await state(Promise.race(second)), 'pending');
  assert.equal(await state(journal.settled()), 'pending');
  writes[1]?.done.resolve();
  await Promise.all([...second, journal.settled()]);
  assert.deepEqual(
    writes.map(({ text }) => text),
    ['{"n":1}\n{"n":2}\n', '{"n":3}\n{"n":4}\n'],
  );
});

test('after a failed write nothing is answered any more', async () => {
  const { disk, writes } = heldDisk();
  const heard: unknown[] = [];
  const journal = journalOn(disk, { clock: systemClock, broken: (error) => heard.push(error) });
  const full = new Error('no space left on device');
  const first = journal.append({ n: 1 });
  await turn();
  const second = journal.append({ n: 2 });
  writes[0]?.done.reject(full);
  await assert.rejects(first, full);
  await assert.rejects(second, /could not be written/);
  await assert.rejects(journal.append({ n: 3 }), /could not be written/);
  await assert.rejects(journal.settled(), /could not be written/);
  assert.deepEqual([heard, journal.sound(), writes.length], [[full], false, 1]);
});
