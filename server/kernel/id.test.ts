import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readId, requireId, showId, uuidv7 } from './id.ts';
import { systemRandom } from './secret.ts';

test('ids are version 7, variant 10, and sort by the time of their making', () => {
  let now = 1_700_000_000_000;
  const ids = uuidv7({ now: () => new Date(now), random: systemRandom });
  const made = Array.from({ length: 200 }, () => {
    now += 1;
    return ids();
  });
  for (const id of made) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...made].sort(), made);
  const shown = made.map((id) => showId('payment', id));
  assert.deepEqual([...shown].sort(), shown);
});

test('ids of one moment are all different, however many', () => {
  const ids = uuidv7({ now: () => new Date(1_700_000_000_000), random: systemRandom });
  const made = Array.from({ length: 2_000 }, ids);
  assert.equal(new Set(made).size, made.length);
  assert.equal(new Set(made.map((id) => id.slice(0, 13))).size, 1, 'they begin with their moment');
});

test('a shown id reads back as the uuid, and only under its own prefix', () => {
  for (const uuid of [
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '01900000-0000-7000-8000-000000000001',
  ]) {
    const shown = showId('intent', uuid);
    assert.match(shown, /^pi_[0-9A-Za-z]{22}$/);
    assert.equal(readId('intent', shown), uuid);
    assert.equal(readId('payment', shown), undefined);
  }
});

test('what is no id is not found, whatever it looks like', () => {
  for (const text of [
    '',
    'pi_',
    'pi_x',
    `pi_${'z'.repeat(22)}`,
    `pi_${'!'.repeat(22)}`,
    `pi_${'0'.repeat(23)}`,
    "pi_' OR 1=1 --",
  ]) {
    assert.throws(() => requireId('intent', text), { code: 'not_found' }, text);
  }
});
