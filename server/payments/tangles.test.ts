import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Say } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { addRule } from '#server/risk/rules.ts';
import { absent, accepted, paymentsOnDatabase, refused, silence } from './testing/room.ts';

// Where two troubles meet: stray money beside a living payment, a hold beside a review, a finding beside its
// withdrawal.

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase(['alder', 'birch']);
  const rule = { kind: 'amount' as const, limits: { EUR: 50_000n }, weight: 80 };
  await addRule(room.owner, { clock: room.clock, ids: room.ids }, { merchantId: room.caller.merchantId, rule });
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

const day = 86_400_000;
const read = (id: string) => room.payments.payment(room.caller, id);
const open = async (paymentId: string) =>
  (await room.payments.escalations(room.staff('Olivia'), { open: true })).filter((one) => one.paymentId === paymentId);
const hear = (say: Say) => room.payments.hear({ provider: 'alder', cause: 'webhook', say });
const exchange = { milliseconds: 0 };

async function twoPeople(escalationId: string, finding: 'took_place' | 'did_not' | 'settled_otherwise') {
  const reason = 'Seen in the portal of the acquirer';
  const proposed = { escalationId, finding, reason, providerRef: `ref_${escalationId}` };
  const { proposal } = await room.payments.proposeClose(room.staff('Olivia'), proposed);
  return room.payments.confirmClose(room.staff('Finn'), { escalationId, proposedAt: proposal?.at ?? new Date(0) });
}

/** Minutes of the worker's sweep. */
async function minutes(count: number) {
  for (let minute = 0; minute < count; minute++) {
    room.clock.forward(60_000);
    await room.payments.sweep(20);
    await room.payments.sweep(20);
  }
}

/**
 * A manual payment that alder was blocked for and birch has authorized; then alder says yes all the same, and the void
 * that gives its hold back is not answered.
 */
async function strayBesideAuthorized() {
  room.script.send = (order, _, provider) =>
    provider === 'alder' && order.kind === 'authorize' ? silence : accepted(order);
  const { id, intentId } = await room.paid('manual');
  const [lost] = (await read(id)).operations;
  Object.assign(room.script, { tombstone: ['alder'], inquire: () => absent });
  room.clock.forward(121_000);
  await room.payments.sweep(20);
  assert.deepEqual([(await read(id)).state, (await read(id)).provider], ['authorized', 'birch']);
  room.script.send = (order, _, provider) => (provider === 'alder' ? silence : accepted(order));
  room.script.inquire = (order, provider) => (provider === 'alder' ? silence : accepted(order));
  const outcome = {
    kind: 'accepted' as const,
    providerRef: 'late',
    amount: 10_000n,
    currency: 'EUR' as const,
    exchange,
  };
  await hear({ about: 'operation', key: `${lost?.id}-1`, kind: 'authorize', outcome });
  assert.equal((await read(id)).stray, 10_000n);
  return { id, intentId };
}

test('a payment ends although stray money is still on its way back', async () => {
  const { id, intentId } = await strayBesideAuthorized();
  await room.payments.cancel(room.caller, { intentId });
  assert.equal((await read(id)).state, 'voided');
});

test('two people settle what has no answer beside the stray money that it gives back', async () => {
  const { id } = await strayBesideAuthorized();
  await minutes(11);
  const unanswered = (await open(id)).find(({ kind }) => kind === 'unanswered');
  assert.ok(unanswered);
  assert.equal((await twoPeople(unanswered.id, 'took_place')).status, 'closed');
  assert.deepEqual([(await read(id)).stray, await open(id)], [0n, []]);
});

test('stray money that cannot be given back leaves the living payment alone', async () => {
  const { id } = await strayBesideAuthorized();
  room.script.inquire = (order, provider) => (provider === 'alder' ? absent : accepted(order));
  await minutes(30);
  assert.deepEqual(
    (await open(id)).map(({ kind }) => kind),
    ['stray'],
  );
  await twoPeople((await open(id))[0]?.id ?? '', 'settled_otherwise');
  assert.deepEqual([(await read(id)).state, (await read(id)).stray], ['authorized', 0n]);
});

test('a rejected payment is captured neither by the merchant nor by the clock, and stops nobody else', async () => {
  await room.owner`INSERT INTO payment_settings (merchant_id, hold_expiry) VALUES (${room.caller.merchantId}, 'capture')`;
  const rejected = await room.paid('manual', 60_000n);
  room.script.send = () => refused;
  await room.payments.review(room.staff('Finn'), { paymentId: rejected.id, verdict: 'reject' });
  room.script.send = accepted;
  await assert.rejects(room.payments.capture(room.caller, { paymentId: rejected.id }), { code: 'illegal_move' });
  assert.equal((await read(rejected.id)).possible.capture, false);
  const healthy = await room.paid('manual');
  room.clock.forward(7 * day - 3600_000);
  await room.payments.settleHolds(10);
  assert.equal((await read(healthy.id)).state, 'captured');
  await room.owner`DELETE FROM payment_settings`;
});

test('a hold whose void is refused goes before a person once, and is not voided anew each minute', async () => {
  const { id } = await room.paid('manual');
  room.clock.forward(7 * day - 3600_000);
  room.script.send = () => refused;
  for (let minute = 0; minute < 5; minute++) await room.payments.settleHolds(10);
  const payment = await read(id);
  assert.deepEqual([payment.operations.length, (await open(id)).length], [2, 1]);
  await twoPeople((await open(id))[0]?.id ?? '', 'settled_otherwise');
  assert.equal((await read(id)).state, 'voided');
});

test("a silent provider's holds keep nobody's waiting", async () => {
  const [silent, other] = [await room.paid('manual'), await room.paid('manual')];
  room.clock.forward(7 * day - 3600_000);
  room.script.send = (order) => (order.payment === silent.id ? silence : accepted(order));
  room.script.inquire = () => silence;
  for (let minute = 0; minute < 3; minute++) await room.payments.settleHolds(1);
  assert.equal((await read(other.id)).state, 'voided');
});

test('a refund that comes back is undone, and put before a person once', async () => {
  const { id } = await room.paid('automatic');
  const whole = await room.payments.refund(room.caller, { paymentId: id });
  assert.equal((await read(id)).state, 'refunded');
  const back = { about: 'operation' as const, key: `${whole.id}-1`, kind: 'refund' as const, outcome: refused };
  assert.deepEqual([(await hear(back)).kind, (await hear(back)).kind], ['recorded', 'known']);
  const payment = await read(id);
  assert.deepEqual([payment.state, payment.refunded, payment.refundable], ['captured', 0n, 10_000n]);
  assert.deepEqual(
    (await open(id)).map(({ kind, atRisk }) => [kind, atRisk]),
    [['undone', 10_000n]],
  );
  const part = await room.payments.refund(room.caller, { paymentId: id, amount: 3_000n });
  await hear({ ...back, key: `${part.id}-1` });
  assert.deepEqual([(await read(id)).state, (await read(id)).refunded], ['captured', 0n]);
  assert.equal((await room.payments.refund(room.caller, { paymentId: id })).status, 'accepted');
});

test('a cancel that takes effect after the yes ends the hold here too', async () => {
  room.script.cancels = ['alder'];
  const challenged: Outcome = { kind: 'challenged', url: 'https://bank.test/1', exchange };
  const canceling = Promise.withResolvers<void>();
  room.script.send = async (order) => {
    if (order.kind === 'authorize') return challenged;
    if (order.kind === 'cancel') await canceling.promise;
    return accepted(order);
  };
  const { id } = await room.paid('manual');
  const [authorize] = (await read(id)).operations;
  const givingUp = room.payments.giveUp(room.caller, id);
  while ((await read(id)).operations.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const outcome = {
    kind: 'accepted' as const,
    providerRef: `auth_${id}`,
    amount: 10_000n,
    currency: 'EUR' as const,
    exchange,
  };
  await hear({ about: 'operation', key: `${authorize?.id}-1`, kind: 'authorize', outcome });
  assert.equal((await read(id)).state, 'authorized');
  canceling.resolve();
  await givingUp;
  assert.equal((await read(id)).state, 'voided');
});

test('a finding that is taken back while it is confirmed is not confirmed', async () => {
  for (let round = 0; round < 6; round++) {
    room.script.send = (order) => (order.kind === 'capture' ? silence : accepted(order));
    room.script.inquire = () => silence;
    const { id } = await room.paid('automatic');
    await minutes(12);
    const escalationId = (await open(id))[0]?.id ?? '';
    const reason = 'Seen in the portal of the acquirer';
    const proposing = { escalationId, finding: 'took_place' as const, reason, providerRef: `ref_${id}` };
    const { proposal } = await room.payments.proposeClose(room.staff('Olivia'), proposing);
    const of = { escalationId, proposedAt: proposal?.at ?? new Date(0) };
    await Promise.allSettled([
      room.payments.withdrawClose(room.staff('Olivia'), of),
      room.payments.confirmClose(room.staff('Finn'), of),
    ]);
    const said = (await room.payments.timeline(room.caller, id)).map(({ trigger }) => trigger);
    assert.equal(said.includes('escalation_withdrawn') && said.includes('capture'), false);
  }
});
