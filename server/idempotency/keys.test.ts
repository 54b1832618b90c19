import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Connections, openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { abandonedAfter, claimAlone, recall, release, remember } from './keys.ts';
import { prune } from './prune.ts';

let database: TestDatabase;
let open: Connections;
before(async () => {
  database = await testDatabase();
  open = openDatabase({ url: database.url('api'), application: 'test' });
});
after(async () => {
  await open.close();
  await database.drop();
});

const ids = uuidv7({ now: systemClock.now, random: systemRandom });
const now = new Date('2026-01-01T12:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const fresh = () => ({ merchantId: ids(), key: 'order 7', fingerprint: Buffer.alloc(32, 1), request: 'req_1' });
/** The same request, sent again. */
const resent = <C>(claim: C) => ({ ...claim, request: 'req_2' });
const answer = { status: 200, body: '{"ok":true}', request: 'req_1' };

test('a key lives through fresh, in flight and done, and is replayed to the letter', async () => {
  const claim = fresh();
  assert.deepEqual(await recall(open.sql, claim, now), { kind: 'fresh' });
  await claimAlone(open.sql, claim, { kind: 'session', id: ids() }, now);
  await assert.rejects(recall(open.sql, resent(claim), later(1000)), { code: 'idempotency_in_flight', status: 409 });
  await remember(open.sql, [{ claim, answer, at: later(2000) }]);
  await remember(open.sql, [{ claim, answer: { ...answer, body: 'another' }, at: later(3000) }]);
  assert.deepEqual(await recall(open.sql, claim, later(4000)), { kind: 'done', ...answer });
});

test('the same key with another request is refused, whether answered or not', async () => {
  const claim = fresh();
  await claimAlone(open.sql, claim, { kind: 'session', id: ids() }, now);
  const other = { ...claim, fingerprint: Buffer.alloc(32, 2) };
  await assert.rejects(recall(open.sql, other, now), { code: 'idempotency_mismatch', status: 400 });
});

test('the same key of another merchant is another key', async () => {
  const claim = fresh();
  await claimAlone(open.sql, claim, { kind: 'session', id: ids() }, now);
  assert.deepEqual(await recall(open.sql, { ...claim, merchantId: ids() }, now), { kind: 'fresh' });
});

test('a claim whose owner died is not stuck: it is answered from what its change made', async () => {
  const claim = fresh();
  const subject = { kind: 'session', id: ids() };
  await claimAlone(open.sql, claim, subject, now);
  await assert.rejects(recall(open.sql, resent(claim), later(abandonedAfter - 1)), { code: 'idempotency_in_flight' });
  assert.deepEqual(await recall(open.sql, resent(claim), later(abandonedAfter)), { kind: 'abandoned', subject });
});

test('whoever claimed a key knows it as its own, and lets it go: then it is answered at once', async () => {
  const claim = fresh();
  const subject = { kind: 'session', id: ids() };
  await claimAlone(open.sql, claim, subject, now);
  assert.deepEqual(await recall(open.sql, claim, later(1)), { kind: 'own' });
  await release(open.sql, claim);
  assert.deepEqual(await recall(open.sql, resent(claim), later(2)), { kind: 'abandoned', subject });
});

test('an answered key is not let go', async () => {
  const claim = fresh();
  await claimAlone(open.sql, claim, { kind: 'session', id: ids() }, now);
  await remember(open.sql, [{ claim, answer, at: now }]);
  await release(open.sql, claim);
  assert.deepEqual(await recall(open.sql, claim, later(1)), { kind: 'done', ...answer });
});

test('of a hundred who claim at once, one has it', async () => {
  const claim = fresh();
  const all = await Promise.allSettled(
    Array.from({ length: 100 }, () => claimAlone(open.sql, claim, { kind: 'x', id: ids() }, now)),
  );
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('the worker forgets a key a day after it was claimed, and not before', async () => {
  const worker = openDatabase({ url: database.url('worker'), application: 'test' });
  const [old, young] = [fresh(), fresh()];
  const day = 24 * 60 * 60 * 1000;
  await claimAlone(open.sql, old, { kind: 'x', id: ids() }, later(-day - 1000));
  await claimAlone(open.sql, young, { kind: 'x', id: ids() }, later(-day + 1000));
  const clock = { ...systemClock, now: () => now };
  assert.equal(
    await prune(worker.sql, { ...clock, leaptAt: () => later(-day / 2) }, 10),
    0,
    'may be younger than it seems',
  );
  assert.equal(await prune(worker.sql, clock, 10), 1);
  assert.deepEqual(await recall(open.sql, old, now), { kind: 'fresh' });
  assert.equal((await recall(open.sql, young, now)).kind, 'abandoned');
  await worker.close();
});
