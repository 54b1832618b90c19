import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  absent,
  accepted,
  notTaken,
  paymentsOnDatabase,
  refused,
  silence,
  sure,
} from '#server/payments/testing/room.ts';
import type { Say } from '#server/providers/contract.ts';
import { judge } from './judge.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase(['alder', 'birch']);
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

/** Nothing is wrong at this moment, as the doctor looks at it; nor, where `resting`, if nothing were to follow. */
async function assertWell(resting = false): Promise<void> {
  const now = room.clock.now();
  const evidence = { sql: room.owner, journals: new Map(), answers: [], now };
  const scope = resting ? {} : { quietSince: new Date(now.getTime() - 60_000) };
  assert.deepEqual(await judge(evidence, 'rest', scope), []);
}

const exchange = { milliseconds: 0 };
const euros = { currency: 'EUR' as const, exchange };
const hear = (say: Say) => room.payments.hear({ provider: 'alder', cause: 'webhook', say });
const read = (id: string) => room.payments.payment(room.caller, id);
const operation = async (id: string, kind: string) => (await read(id)).operations.findLast((one) => one.kind === kind);

async function sweptFor(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    room.clock.forward(60_000);
    await room.payments.sweep(10);
    await room.payments.dequeue(10);
  }
}

/** Two people close what is before them. */
async function settled(paymentId: string, finding: 'took_place' | 'did_not' | 'settled_otherwise'): Promise<void> {
  const [finder, other] = [room.staff('Olivia'), room.staff('Finn')];
  const open = await room.payments.escalations(finder, { open: true });
  const escalationId = open.find((one) => one.paymentId === paymentId)?.id ?? '';
  const reason = 'Seen in the portal of alder';
  await room.payments.proposeClose(finder, { escalationId, finding, reason, providerRef: 'ref_77' });
  const { proposal } = await room.payments.escalation(other, escalationId);
  await room.payments.confirmClose(other, { escalationId, proposedAt: proposal?.at ?? new Date(0) });
}

test('silence, a person who is told of it, and what two people find', async () => {
  room.script.send = (order) => (order.kind === 'capture' ? silence : accepted(order));
  room.script.inquire = () => silence;
  const { id } = await room.paid('automatic');
  await assertWell();
  await sweptFor(14);
  await assertWell();
  await settled(id, 'took_place');
  await assertWell(true);
});

test('a yes that comes too late, stray until it is back; and one that people settle', async () => {
  for (const returns of [true, false]) {
    room.script.send = () => silence;
    room.script.inquire = () => absent;
    const { id } = await room.paid('automatic');
    room.clock.forward(sure + 1);
    await sweptFor(2);
    await assertWell();
    const key = `${(await operation(id, 'authorize'))?.id}-1`;
    const outcome = { kind: 'accepted' as const, providerRef: `late_${id}`, amount: 10_000n, ...euros };
    room.script.send = (order) => (order.kind === 'void' && !returns ? refused : silence);
    await hear({ about: 'operation', key, kind: 'authorize', outcome });
    await assertWell();
    if (!returns) await settled(id, 'settled_otherwise');
    room.wellAgain();
    await sweptFor(2);
    await assertWell(true);
  }
});

test('what nobody expects: foreign refunds, chargebacks beyond the capture, a refund that came back', async () => {
  const { id } = await room.paid('automatic');
  const captureRef = (await operation(id, 'capture'))?.providerRef ?? '';
  const refund = await room.payments.refund(room.caller, { paymentId: id, amount: 6_000n });
  await hear({ about: 'foreign_refund', refundRef: 're_1', captureRef, amount: 1_000n, ...euros });
  await hear({ about: 'foreign_refund', refundRef: 're_2', captureRef, amount: 9_000n, ...euros });
  await assertWell(true);
  for (const [n, amount] of [7_000n, 8_000n, 500n].entries()) {
    await hear({ about: 'chargeback', chargebackRef: `cb_${n}`, captureRef, amount, ...euros });
  }
  await assertWell(true);
  const came = { ...refused, retryable: false } as typeof refused;
  await hear({ about: 'operation', key: `${refund.id}-1`, kind: 'refund', outcome: came });
  await assertWell(true);
});

test('a capture and its compensation refused, until two people let the hold go', async () => {
  room.script.send = (order) => (order.kind === 'authorize' ? accepted(order) : refused);
  const { id } = await room.paid('automatic');
  await assertWell(true);
  await settled(id, 'settled_otherwise');
  assert.equal((await read(id)).state, 'voided');
  await assertWell(true);
});

test('no provider takes charges: the next one, the queue, and the end of waiting', async () => {
  room.script.send = (order, _, provider) => (provider === 'alder' ? notTaken : accepted(order));
  await room.paid('automatic');
  await assertWell(true);
  room.script.send = () => notTaken;
  const { id } = await room.paid('automatic');
  assert.ok((await read(id)).queuedUntil);
  await assertWell();
  await sweptFor(5);
  await assertWell();
  await sweptFor(8);
  assert.equal((await read(id)).state, 'failed');
  await assertWell(true);
});

test('a bank that waits for its shopper, who would rather use another card', async () => {
  room.script.tombstone = ['alder', 'birch'];
  room.script.send = (order) =>
    order.kind === 'authorize' ? { kind: 'challenged', url: 'https://bank.example/3ds', exchange } : accepted(order);
  room.script.inquire = () => ({ kind: 'challenged', url: 'https://bank.example/3ds', exchange });
  const { id } = await room.paid('automatic');
  await sweptFor(3);
  await assertWell();
  await room.payments.giveUp(room.caller, id);
  assert.equal((await read(id)).state, 'failed');
  await assertWell(true);
});
