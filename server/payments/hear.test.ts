import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Say } from '#server/providers/contract.ts';
import { accepted, paymentsOnDatabase, silence } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase(['alder', 'birch']);
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

const read = (id: string) => room.payments.payment(room.caller, id);
const hear = (say: Say, provider = 'alder') => room.payments.hear({ provider, cause: 'webhook', say });
const exchange = { milliseconds: 0 };

/** A payment whose capture was sent and not answered, and the provider's yes to it. */
async function waiting() {
  room.script.send = (order) => (order.kind === 'capture' ? silence : accepted(order));
  const { id } = await room.paid('automatic');
  const capture = (await read(id)).operations.find(({ kind }) => kind === 'capture');
  const outcome = {
    kind: 'accepted' as const,
    providerRef: `cap_${id}`,
    amount: 10_000n,
    currency: 'EUR' as const,
    exchange,
  };
  const yes = { about: 'operation' as const, key: `${capture?.id}-1`, kind: 'capture' as const, outcome };
  return { id, yes };
}

/** A captured payment whose capture the provider knows by a name of its own. */
async function captured() {
  const { id, yes } = await waiting();
  await hear(yes);
  return { id, captureRef: `cap_${id}` };
}

test('a webhook closes what had no answer, once, and says so on the timeline', async () => {
  const { id, yes } = await waiting();
  assert.equal((await hear(yes)).kind, 'recorded');
  assert.equal((await read(id)).state, 'captured');
  assert.equal((await hear(yes)).kind, 'known');
  const [, ...rest] = (await room.payments.timeline(room.caller, id)).filter(({ trigger }) => trigger === 'capture');
  assert.deepEqual(rest, []);
  assert.equal((await room.payments.timeline(room.caller, id)).at(-1)?.cause, 'webhook');
});

test('what does not agree with what we asked for changes nothing, and is a reason to ask', async () => {
  const { id, yes } = await waiting();
  const before = await read(id);
  const { outcome } = yes;
  const saying: [Say, string, string][] = [
    [{ ...yes, outcome: { ...outcome, amount: 9_999n } }, 'alder', 'amount'],
    [{ ...yes, outcome: { ...outcome, currency: 'USD' } }, 'alder', 'currency'],
    [{ ...yes, kind: 'refund' }, 'alder', 'kind'],
    [yes, 'birch', 'provider'],
  ];
  for (const [say, provider, where] of saying) {
    const heard = await hear(say, provider);
    assert.deepEqual([heard.kind, 'in' in heard && heard.in], ['disagrees', where]);
  }
  assert.deepEqual(await read(id), before);
  assert.equal(await room.payments.sweep(10), 1, 'asked about at once, long before its time');
});

test('what no operation of ours matches is not recorded', async () => {
  const { yes } = await waiting();
  for (const key of [`${room.ids()}-1`, 'nonsense', yes.key.replace(/-1$/, '-2'), `${yes.key} `]) {
    assert.deepEqual(await hear({ ...yes, key }), { kind: 'unmatched' });
  }
});

test("a refund made in the provider's console is an operation that is marked so, and counted once", async () => {
  const { id, captureRef } = await captured();
  const say = {
    about: 'foreign_refund' as const,
    refundRef: 're_1',
    captureRef,
    amount: 4_000n,
    currency: 'EUR' as const,
    exchange,
  };
  assert.deepEqual([(await hear(say)).kind, (await hear(say)).kind], ['recorded', 'known']);
  const payment = await read(id);
  assert.deepEqual([payment.refunded, payment.refundable], [4_000n, 6_000n]);
  await hear({ ...say, refundRef: 're_2', amount: 6_000n });
  assert.equal((await read(id)).state, 'refunded');
});

test('a foreign refund of more than is left is recorded as stray money and put before a person', async () => {
  const { id, captureRef } = await captured();
  await room.payments.refund(room.caller, { paymentId: id, amount: 8_000n });
  await hear({ about: 'foreign_refund', refundRef: 're_9', captureRef, amount: 4_000n, currency: 'EUR', exchange });
  const payment = await read(id);
  assert.deepEqual([payment.refunded, payment.stray], [8_000n, 4_000n]);
  const open = await room.payments.escalations(room.staff('Olivia'), { open: true });
  assert.ok(open.some((one) => one.paymentId === id && one.kind === 'stray' && one.atRisk === 4_000n));
});

test('a chargeback is recorded also after a refund; beyond the capture it is stray', async () => {
  const { id, captureRef } = await captured();
  await room.payments.refund(room.caller, { paymentId: id });
  const say = {
    about: 'chargeback' as const,
    chargebackRef: 'cb_1',
    captureRef,
    amount: 10_000n,
    currency: 'EUR' as const,
    exchange,
  };
  assert.deepEqual([(await hear(say)).kind, (await hear(say)).kind], ['recorded', 'known']);
  const payment = await read(id);
  assert.deepEqual([payment.state, payment.chargedBack, payment.stray], ['refunded', 10_000n, 0n]);
  await hear({ ...say, chargebackRef: 'cb_2', amount: 1n });
  assert.equal((await read(id)).stray, 1n);
});

test('the same yes fifty times at once is recorded once', async () => {
  const { id, yes } = await waiting();
  const heard = await Promise.all(Array.from({ length: 50 }, () => hear(yes)));
  assert.equal(heard.filter(({ kind }) => kind === 'recorded').length, 1);
  assert.equal((await read(id)).captured, 10_000n);
});
