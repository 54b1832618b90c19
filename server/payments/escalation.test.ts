import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { accepted, paymentsOnDatabase, refused, silence } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase();
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

const read = (id: string) => room.payments.payment(room.caller, id);
const one = async (paymentId: string) => {
  const found = (await room.payments.escalations(room.staff('Olivia'))).find((each) => each.paymentId === paymentId);
  assert.ok(found, 'an escalation of this payment');
  return found;
};

/** A capture that nobody answers, for eleven minutes. */
async function unanswered() {
  room.script.send = (order) => (order.kind === 'capture' ? silence : accepted(order));
  room.script.inquire = () => silence;
  const { id } = await room.paid('automatic');
  for (let minute = 0; minute < 11; minute++) {
    room.clock.forward(60_000);
    await room.payments.sweep(10);
  }
  return { id, escalation: await one(id) };
}

/** What waits for the second person, as they read it. */
const meant = async (escalationId: string) => {
  const { proposal } = await room.payments.escalation(room.staff('Olivia'), escalationId);
  return { escalationId, proposedAt: proposal?.at ?? new Date(0) };
};

const finding = { finding: 'took_place' as const, reason: 'Seen in the portal of alder', providerRef: 'cap_77' };

test('what has no answer within ten minutes is put before a person, with the money and what is known', async () => {
  const { id, escalation } = await unanswered();
  assert.deepEqual([escalation.kind, escalation.status, escalation.atRisk], ['unanswered', 'open', 10_000n]);
  assert.equal(escalation.evidence.provider, 'alder');
  assert.ok(Number(escalation.evidence.inquiries) >= 3);
  assert.equal((await read(id)).state, 'capture_pending');
  await room.payments.sweep(10);
  assert.equal((await room.payments.escalations(room.staff('Olivia'))).filter((e) => e.paymentId === id).length, 1);
});

test('two people close it: the first alone cannot, and the money is where they found it', async () => {
  const { id, escalation } = await unanswered();
  const of = { escalationId: escalation.id };
  await room.payments.proposeClose(room.staff('Olivia'), { ...of, ...finding });
  assert.equal((await read(id)).state, 'capture_pending');
  await assert.rejects(room.payments.confirmClose(room.staff('Olivia'), await meant(escalation.id)), {
    code: 'second_person',
  });
  const closed = await room.payments.confirmClose(room.staff('Finn'), await meant(escalation.id));
  assert.deepEqual([closed.status, closed.closed?.how, closed.closed?.by?.name], ['closed', 'confirmed', 'Finn']);
  const payment = await read(id);
  assert.deepEqual([payment.state, payment.captured], ['captured', 10_000n]);
  assert.equal(payment.operations.at(-1)?.providerRef, 'cap_77');
});

test('that it did not take place is a finding too: the capture is then asked for anew', async () => {
  const { id, escalation } = await unanswered();
  const of = { escalationId: escalation.id };
  await room.payments.proposeClose(room.staff('Olivia'), { ...of, finding: 'did_not', reason: 'Not in their books' });
  room.script.send = accepted;
  await room.payments.confirmClose(room.staff('Finn'), await meant(escalation.id));
  const payment = await read(id);
  assert.equal(payment.state, 'captured');
  assert.deepEqual(
    payment.operations.map(({ kind, status }) => `${kind} ${status}`),
    ['authorize accepted', 'capture absent', 'capture accepted'],
  );
});

test('an answer that comes after all closes it, and nobody has to decide', async () => {
  const { id, escalation } = await unanswered();
  room.script.inquire = accepted;
  room.clock.forward(120_000);
  // A provider that was silent is asked one question; its answer lets the others through.
  await room.payments.sweep(10);
  await room.payments.sweep(10);
  assert.equal((await read(id)).state, 'captured');
  const { status, closed } = await room.payments.escalation(room.staff('Olivia'), escalation.id);
  assert.deepEqual([status, closed?.how, closed?.by], ['closed', 'answered', null]);
  const late = room.payments.proposeClose(room.staff('Olivia'), { escalationId: escalation.id, ...finding });
  await assert.rejects(late, { code: 'illegal_move' });
});

test('a proposal says what was found and where, is one at a time, and can be taken back', async () => {
  const { escalation } = await unanswered();
  const propose = (fields: object) =>
    room.payments.proposeClose(room.staff('Olivia'), { escalationId: escalation.id, ...finding, ...fields });
  await assert.rejects(propose({ reason: 'looks ok' }), { code: 'invalid_input', param: 'reason' });
  await assert.rejects(propose({ providerRef: undefined }), { code: 'invalid_input', param: 'provider_ref' });
  await assert.rejects(propose({ finding: 'settled_otherwise' }), { code: 'invalid_input', param: 'finding' });
  await propose({});
  await assert.rejects(propose({}), { code: 'illegal_move' });
  await room.payments.withdrawClose(room.staff('Finn'), await meant(escalation.id));
  await assert.rejects(room.payments.confirmClose(room.staff('Finn'), await meant(escalation.id)), {
    code: 'illegal_move',
  });
});

test('each step claims its key with its change: sent twice it is done once', async () => {
  const { escalation } = await unanswered();
  const of = { escalationId: escalation.id };
  const mine = { ...finding, providerRef: 'cap_78' };
  const claimOf = (key: string) => ({ merchantId: escalation.merchantId, key, fingerprint: Buffer.alloc(32, 1) });
  const claimed = async () => {
    const rows = await room.mover`SELECT key FROM idempotency_keys WHERE subject_id = ${escalation.id} ORDER BY key`;
    return rows.map(({ key }) => String(key));
  };
  await room.payments.proposeClose(room.staff('Olivia'), { ...of, ...mine, claim: claimOf('1 propose') });
  await room.payments.withdrawClose(room.staff('Olivia'), {
    ...(await meant(escalation.id)),
    claim: claimOf('2 withdraw'),
  });
  await room.payments.proposeClose(room.staff('Olivia'), { ...of, ...mine, claim: claimOf('3 propose') });
  const taken = room.payments.confirmClose(room.staff('Finn'), {
    ...(await meant(escalation.id)),
    claim: claimOf('3 propose'),
  });
  await assert.rejects(taken, { code: 'idempotency_in_flight' });
  await room.payments.confirmClose(room.staff('Finn'), {
    ...(await meant(escalation.id)),
    claim: claimOf('4 confirm'),
  });
  assert.deepEqual(await claimed(), ['1 propose', '2 withdraw', '3 propose', '4 confirm']);
});

test('a key closes no escalation, and another merchant does not find it', async () => {
  const { escalation } = await unanswered();
  const input = { escalationId: escalation.id, ...finding };
  await assert.rejects(room.payments.proposeClose(room.caller, input), { code: 'forbidden' });
  const stranger = { ...room.staff('Olivia'), merchantId: room.ids() };
  await assert.rejects(room.payments.proposeClose(stranger, input), { code: 'not_found' });
});

test('the database itself takes no close by the person who proposed it', async () => {
  const { escalation } = await unanswered();
  await room.payments.proposeClose(room.staff('Olivia'), { escalationId: escalation.id, ...finding });
  const closing = room.mover`
    UPDATE escalations SET closed_how = 'confirmed', closed_by = proposed_by, closed_by_name = proposed_by_name,
      closed_at = ${new Date()} WHERE id = ${escalation.id}`;
  await assert.rejects(closing, { constraint_name: 'escalations_second_person' });
});

test('a compensation that is refused goes to a person, and ends when they have let the hold go', async () => {
  room.script.send = (order) => (order.kind === 'authorize' ? accepted(order) : refused);
  const { id } = await room.paid('automatic');
  const escalation = await one(id);
  assert.deepEqual([escalation.kind, escalation.atRisk], ['stuck', 10_000n]);
  const of = { escalationId: escalation.id };
  const reason = 'The acquirer released it by hand';
  await room.payments.proposeClose(room.staff('Finn'), { ...of, finding: 'settled_otherwise', reason });
  await room.payments.confirmClose(room.staff('Olivia'), await meant(escalation.id));
  assert.equal((await read(id)).state, 'voided');
});

test('who confirms confirms what they read, and not what took its place', async () => {
  const { id, escalation } = await unanswered();
  const of = { escalationId: escalation.id };
  await room.payments.proposeClose(room.staff('Olivia'), { ...of, finding: 'did_not', reason: 'Not in their books' });
  const read1 = await meant(escalation.id);
  room.clock.forward(1_000);
  await room.payments.withdrawClose(room.staff('Olivia'), read1);
  await room.payments.proposeClose(room.staff('Olivia'), { ...of, ...finding });
  await assert.rejects(room.payments.confirmClose(room.staff('Finn'), read1), { code: 'illegal_move' });
  assert.equal((await read(id)).state, 'capture_pending');
});

test("a finding names no other payment's money", async () => {
  const { id, escalation } = await unanswered();
  room.wellAgain();
  const other = await room.paid('automatic');
  const ref = (await read(other.id)).operations.find(({ kind }) => kind === 'capture')?.providerRef ?? '';
  await room.payments.proposeClose(room.staff('Olivia'), { escalationId: escalation.id, ...finding, providerRef: ref });
  const confirming = room.payments.confirmClose(room.staff('Finn'), await meant(escalation.id));
  await assert.rejects(confirming, { code: 'illegal_move' });
  assert.equal((await read(id)).state, 'capture_pending');
});
