import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Outcome } from '#server/providers/outcome.ts';
import { absent, accepted, notTaken, paymentsOnDatabase, refused, silence } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase(['alder', 'birch']);
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

const read = (id: string) => room.payments.payment(room.caller, id);
const operations = async (id: string) =>
  (await read(id)).operations.map(({ kind, provider, status }) => `${kind} ${provider} ${status}`);

/** What alder says to an authorization; birch accepts everything. */
function alderSays(outcome: Outcome): void {
  room.script.send = (order, _, provider) =>
    provider === 'alder' && order.kind === 'authorize' ? outcome : accepted(order);
}

test('after a "no" that was trouble on the way, the next provider of the plan is asked, and the reason is told', async () => {
  alderSays({ ...refused, code: 'processing_error', retryable: true } as Outcome);
  const { id, state, provider } = await room.paid('automatic');
  assert.deepEqual([state, provider], ['captured', 'birch']);
  assert.deepEqual(await operations(id), [
    'authorize alder refused',
    'authorize birch accepted',
    'capture birch accepted',
  ]);
  const told = (await room.payments.timeline(room.caller, id)).map(({ data }) => data.plan).filter(Boolean);
  assert.match(String(told[1]), /birch: next of the plan, since alder did not take it/);
});

test("an issuer's no is a no: nobody else is asked", async () => {
  alderSays(refused);
  const { id, state } = await room.paid('automatic');
  assert.equal(state, 'failed');
  assert.deepEqual(await operations(id), ['authorize alder refused']);
});

test('on silence nobody else is asked', async () => {
  alderSays(silence);
  const { id } = await room.paid('automatic');
  room.script.inquire = () => silence;
  room.clock.forward(3600_000);
  await room.payments.sweep(10);
  assert.deepEqual(await operations(id), ['authorize alder open']);
});

test('what was lost on the way is sent again under its key while the shopper waits', async () => {
  alderSays(silence);
  const { id } = await room.paid('automatic');
  const sends: unknown[] = [];
  room.script.send = (order, { send }) => {
    sends.push([order.kind, order.operation, send]);
    return accepted(order);
  };
  room.script.inquire = () => absent;
  room.clock.forward(5_001);
  await room.payments.sweep(10);
  const [authorize] = (await read(id)).operations;
  assert.deepEqual(sends[0], ['authorize', authorize?.id, 2]);
  assert.deepEqual(await operations(id), ['authorize alder accepted', 'capture alder accepted']);
});

test('what was lost long ago goes to the next provider only after a tombstone blocks it', async () => {
  alderSays(silence);
  const { id } = await room.paid('automatic');
  const [lost] = (await read(id)).operations;
  const asked: unknown[] = [];
  Object.assign(room.script, { tombstone: ['alder'], inquire: () => absent });
  room.script.send = (order, _, provider) => {
    asked.push([order.kind, provider, order.blocks]);
    return accepted(order);
  };
  // Long after the shopper has gone, and before "not found" is final by itself: the last send was just now.
  room.clock.forward(121_000);
  await room.resent(lost?.id ?? '');
  room.clock.forward(3_000);
  await room.payments.sweep(10);
  assert.deepEqual(asked, [
    ['cancel', 'alder', `${lost?.id}-1`],
    ['authorize', 'birch', undefined],
    ['capture', 'birch', undefined],
  ]);
  assert.equal((await read(id)).state, 'captured');
});

test('without a tombstone, what was never heard of ends the payment and is tried nowhere else by itself', async () => {
  alderSays(silence);
  const { id } = await room.paid('automatic');
  room.script.inquire = () => absent;
  room.clock.forward(600_000);
  await room.payments.sweep(10);
  assert.deepEqual([(await read(id)).state, await operations(id)], ['failed', ['authorize alder absent']]);
});

test('a cancel that comes too late changes nothing: the authorization counts', async () => {
  alderSays(silence);
  const { id } = await room.paid('automatic');
  const [lost] = (await read(id)).operations;
  Object.assign(room.script, { tombstone: ['alder'], inquire: () => absent });
  room.script.send = (order) =>
    (order.kind === 'cancel' ? { ...refused, code: 'too_late' } : accepted(order)) as Outcome;
  room.clock.forward(121_000);
  await room.resent(lost?.id ?? '');
  room.clock.forward(3_000);
  await room.payments.sweep(10);
  room.script.inquire = accepted;
  room.clock.forward(60_000);
  await room.payments.sweep(10);
  assert.deepEqual(await operations(id), [
    'authorize alder accepted',
    'cancel alder refused',
    'capture alder accepted',
  ]);
});

test('when nobody takes charges the payment waits, and is made when somebody does', async () => {
  room.script.send = () => notTaken;
  const queued = await room.paid('automatic');
  assert.deepEqual([queued.state, queued.failureCode], ['risk_checked', null]);
  assert.equal(queued.queuedUntil?.getTime(), room.clock.now().getTime() + 600_000);
  assert.deepEqual(await operations(queued.id), ['authorize alder absent', 'authorize birch absent']);
  await room.payments.dequeue(10);
  assert.equal((await read(queued.id)).state, 'risk_checked', 'not before its time');
  room.script.send = accepted;
  room.clock.forward(30_000);
  assert.equal(await room.payments.dequeue(10), 1);
  const made = await read(queued.id);
  assert.deepEqual([made.state, made.queuedUntil], ['captured', null]);
});

test('a payment is queued at once where every breaker is open, and no provider hears of it', async () => {
  Object.assign(room.script, { stopped: ['alder', 'birch'] });
  room.script.send = () => assert.fail('nobody may be asked');
  const { id, state } = await room.paid('automatic');
  assert.deepEqual([state, await operations(id)], ['risk_checked', []]);
  room.clock.forward(30_000);
  assert.equal(await room.payments.dequeue(10), 0, 'while nobody takes charges it is left alone');
  room.wellAgain();
  room.clock.forward(30_000);
  await room.payments.dequeue(10);
  assert.equal((await read(id)).state, 'captured');
});

test('a payment that waited too long ends unpaid, and its intent can be paid again', async () => {
  room.script.send = () => notTaken;
  const { id, intentId } = await room.paid('automatic');
  for (let tick = 0; tick < 40; tick++) {
    room.clock.forward(20_000);
    await room.payments.dequeue(10);
  }
  const ended = await read(id);
  assert.deepEqual([ended.state, ended.failureCode, ended.queuedUntil], ['failed', 'provider_unavailable', null]);
  room.script.send = accepted;
  assert.equal((await room.payments.confirm(room.caller, { intentId, token: 'pm_2' })).payment?.state, 'captured');
});

test('a queued payment can be cancelled, and is then tried no more', async () => {
  room.script.send = () => notTaken;
  const { id, intentId } = await room.paid('automatic');
  await room.payments.cancel(room.caller, { intentId });
  room.script.send = accepted;
  room.clock.forward(60_000);
  assert.equal(await room.payments.dequeue(10), 0);
  assert.equal((await read(id)).state, 'failed');
});
