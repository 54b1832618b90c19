import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { heldDisk, state, turn } from '../testing/held-disk.ts';
import { type Ask, makeAcquirer } from './acquirer.ts';
import { behaviours } from './behaviour.ts';
import { makeBooks } from './books.ts';
import { decideAuthorize } from './decide.ts';
import { journalOn } from './journal.ts';

const fields = {
  amount: 1250,
  currency: 'EUR',
  reference: 'order-1',
  returnUrl: undefined,
  card: { number: '4242424242424242', expMonth: 12, expYear: 2034, cvc: undefined },
};
const ask: Ask = { key: 'k', kind: 'authorization', facts: [1], decide: (...at) => decideAuthorize(...at, fields) };

test('nothing is told that is not on disk: no answer, no repetition of it, no inquiry, no books', async () => {
  const { disk, writes } = heldDisk();
  const acquirer = makeAcquirer({
    rulebook: { behaviour: behaviours.alder, fees: { basisPoints: 0, fixed: 0 }, challengeLifetime: () => 1 },
    books: makeBooks(),
    journal: journalOn(disk, { clock: systemClock, broken: () => assert.fail() }),
    clock: systemClock,
    ids: uuidv7({ now: systemClock.now, random: systemRandom }),
    random: systemRandom,
    decided: () => undefined,
    secret: new Secret('key'),
  });
  const told = [acquirer.perform(ask), acquirer.perform(ask), acquirer.inquire('k'), acquirer.entries()];
  await turn();
  for (const one of told) assert.equal(await state(one), 'pending');
  assert.equal(writes.length, 1);

  writes[0]?.done.resolve();
  const [first, second, found, entries] = await Promise.all(told);
  assert.deepEqual(second, { ...first, replayed: true });
  assert.deepEqual(entries, [found]);
});
