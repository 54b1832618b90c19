import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { absent, accepted, paymentsOnDatabase, silence, sure } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase();
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

const stray = async (id: string) => (await room.payments.payment(room.caller, id)).stray;
const triggers = async (id: string) => (await room.payments.timeline(room.caller, id)).map(({ trigger }) => trigger);
const open = () => room.payments.escalations(room.staff('Olivia'), { open: true });

/** A payment that ended because its authorization was never heard of, and the yes that comes all the same. */
async function lateYes() {
  room.script.send = (order) => (order.kind === 'authorize' ? silence : accepted(order));
  const { id } = await room.paid('automatic');
  const [authorize] = (await room.payments.payment(room.caller, id)).operations;
  room.script.inquire = () => absent;
  room.clock.forward(sure + 1);
  await room.payments.sweep(10);
  assert.equal((await room.payments.payment(room.caller, id)).state, 'failed');
  const say = {
    about: 'operation' as const,
    key: `${authorize?.id}-1`,
    kind: 'authorize' as const,
    outcome: {
      kind: 'accepted' as const,
      providerRef: 'auth_late',
      amount: 10_000n,
      currency: 'EUR' as const,
      exchange: { milliseconds: 0 },
    },
  };
  return { id, hear: () => room.payments.hear({ provider: 'alder', cause: 'webhook', say }) };
}

test('a yes that comes after the operation was closed is on record, and the hold is let go of', async () => {
  const { id, hear } = await lateYes();
  const targets: unknown[] = [];
  room.script.send = (order) => {
    targets.push([order.kind, order.authorizationRef, order.amount]);
    return accepted(order);
  };
  assert.equal((await hear()).kind, 'recorded');
  assert.deepEqual(targets, [['void', 'auth_late', 10_000n]]);
  assert.deepEqual((await triggers(id)).slice(-5), [
    'late_effect',
    'operation_opened',
    'escalated',
    'escalation_closed',
    'stray_returned',
  ]);
  assert.deepEqual([await stray(id), await open()], [0n, []]);
});

test('told twice, stray money is counted once and given back once', async () => {
  const { id, hear } = await lateYes();
  room.script.send = () => silence;
  assert.deepEqual([(await hear()).kind, (await hear()).kind], ['recorded', 'known']);
  assert.equal(await stray(id), 10_000n);
});

test('while stray money is not back, a person is told, and it is asked for until it is', async () => {
  const { id, hear } = await lateYes();
  room.script.send = () => silence;
  await hear();
  const [escalation] = await open();
  assert.deepEqual([escalation?.kind, escalation?.atRisk, escalation?.paymentId], ['stray', 10_000n, id]);
  Object.assign(room.script, { send: accepted, inquire: accepted });
  room.clock.forward(10_000);
  await room.payments.sweep(10);
  assert.deepEqual([await stray(id), await open()], [0n, []]);
});

test('what is given back of stray money that people settled meanwhile leaves other stray money alone', async () => {
  room.script.send = (order) => (order.kind === 'capture' ? silence : accepted(order));
  const { id } = await room.paid('automatic');
  const lost = (await room.payments.payment(room.caller, id)).operations.find(({ kind }) => kind === 'capture');
  Object.assign(room.script, { send: accepted, inquire: () => absent });
  room.clock.forward(sure + 1);
  await room.payments.sweep(10);
  const { operations } = await room.payments.payment(room.caller, id);
  const captureRef = operations.find(({ kind, status }) => kind === 'capture' && status === 'accepted')?.providerRef;
  assert.ok(lost && captureRef);
  Object.assign(room.script, { send: () => silence, inquire: () => silence });
  const told = { currency: 'EUR' as const, exchange: { milliseconds: 0 } };
  const outcome = { kind: 'accepted' as const, providerRef: 'cap_late', amount: 10_000n, ...told };
  const late = { about: 'operation' as const, key: `${lost.id}-1`, kind: 'capture' as const, outcome };
  await room.payments.hear({ provider: 'alder', cause: 'webhook', say: late });
  const elsewhere = { about: 'foreign_refund' as const, refundRef: 're_1', captureRef, amount: 10_500n, ...told };
  await room.payments.hear({ provider: 'alder', cause: 'webhook', say: elsewhere });
  assert.equal(await stray(id), 20_500n);

  const [olivia, finn] = [room.staff('Olivia'), room.staff('Finn')];
  const ours = async () => (await open()).filter(({ paymentId }) => paymentId === id);
  const escalationId = (await ours()).find(({ atRisk }) => atRisk === 10_000n)?.id ?? '';
  const reason = 'Seen in the portal';
  await room.payments.proposeClose(olivia, { escalationId, finding: 'settled_otherwise', reason });
  const { proposal } = await room.payments.escalation(finn, escalationId);
  await room.payments.confirmClose(finn, { escalationId, proposedAt: proposal?.at ?? new Date(0) });
  assert.equal(await stray(id), 10_500n);

  room.wellAgain();
  room.clock.forward(sure);
  await room.payments.sweep(10);
  assert.ok((await triggers(id)).includes('stray_returned'));
  const left = (await ours()).map(({ kind, atRisk }) => [kind, atRisk]);
  assert.deepEqual([await stray(id), left], [10_500n, [['stray', 10_500n]]]);
});
