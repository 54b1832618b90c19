import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Connections, openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { makeTransact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { claimAlone, remember } from './keys.ts';
import { makeKeys } from './make.ts';
import { type Keys, once } from './once.ts';

let database: TestDatabase;
let open: Connections;
let keys: Keys;
before(async () => {
  database = await testDatabase();
  open = openDatabase({ url: database.url('api'), application: 'test' });
  keys = makeKeys({ sql: open.sql, transact: makeTransact(open.sql), clock: systemClock });
});
after(async () => {
  await open.close();
  await database.drop();
});

const ids = uuidv7({ now: systemClock.now, random: systemRandom });
const answer = { status: 200, body: '{"ok":true}', request: 'req_1' };
const tooLate = () => Promise.reject(new Refusal('illegal_move', 'It is captured already.'));

function twins() {
  const claim = { merchantId: ids(), key: 'order 7', fingerprint: Buffer.alloc(32, 1) };
  return {
    first: { ...claim, request: 'req_1' },
    second: { ...claim, request: 'req_2' },
    subject: { kind: 'x', id: ids() },
  };
}

test('who is refused because its twin was quicker gets the answer of the twin', async () => {
  const { first, second, subject } = twins();
  const heard = await once(keys, second, async () => {
    await claimAlone(open.sql, first, subject, new Date());
    await remember(open.sql, [{ claim: first, answer, at: new Date() }]);
    return tooLate();
  });
  assert.deepEqual(heard, { kind: 'done', ...answer });
});

test('who is refused because its twin is at work hears that it is', async () => {
  const { first, second, subject } = twins();
  const heard = once(keys, second, async () => {
    await claimAlone(open.sql, first, subject, new Date());
    return tooLate();
  });
  await assert.rejects(heard, { code: 'idempotency_in_flight' });
});

test('who is refused with nobody at the key hears why, and the key stays fresh', async () => {
  const { first } = twins();
  await assert.rejects(once(keys, first, tooLate), { code: 'illegal_move' });
  assert.deepEqual(await keys.recall(first), { kind: 'fresh' });
});

test('who fails after its own change lets the key go, and the same request then finds the change', async () => {
  const { first, second, subject } = twins();
  const failed = once(keys, first, async () => {
    await claimAlone(open.sql, first, subject, new Date());
    throw new Error('connection lost');
  });
  await assert.rejects(failed, { message: 'connection lost' });
  assert.deepEqual(await once(keys, second, tooLate), { kind: 'abandoned', subject });
});

test('where the keys cannot be asked after an error, the first error is heard', async () => {
  const { first } = twins();
  let asked = 0;
  const broken = {
    ...keys,
    recall: (claim: typeof first) => (asked++ ? Promise.reject(new Error('gone')) : keys.recall(claim)),
  };
  await assert.rejects(once(broken, first, tooLate), { code: 'illegal_move' });
});
