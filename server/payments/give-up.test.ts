import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Outcome } from '#server/providers/outcome.ts';
import { accepted, paymentsOnDatabase } from './testing/room.ts';

type Given = Awaited<ReturnType<typeof paymentsOnDatabase>>;

let given: Given;
before(async () => {
  given = await paymentsOnDatabase();
});
beforeEach(() => given.wellAgain());
after(() => given[Symbol.asyncDispose]());

const challenged: Outcome = { kind: 'challenged', url: 'https://bank.test/1', exchange: { milliseconds: 1 } };
const tooLate: Outcome = {
  kind: 'refused',
  code: 'too_late',
  providerCode: null,
  message: 'it was done',
  retryable: false,
  exchange: { milliseconds: 1 },
};

/** A payment that waits for its shopper at a provider that says `cancel` to being told to forget it. */
async function waiting(cancel: typeof accepted | Outcome) {
  const sent: string[] = [];
  given.script.send = (order) => {
    sent.push(order.kind);
    if (order.kind === 'authorize') return challenged;
    return order.kind === 'cancel' && typeof cancel !== 'function' ? cancel : accepted(order);
  };
  given.script.inquire = () => challenged;
  const { id } = await given.paid('automatic');
  return { id, sent, now: () => given.payments.payment(given.caller, id) };
}

test('a challenge that its shopper gives up is blocked, once, and ends as a no', async () => {
  const { id, sent, now } = await waiting(accepted);
  given.script.tombstone = ['alder'];
  await Promise.all([given.payments.giveUp(given.caller, id), given.payments.giveUp(given.caller, id)]);
  const { state, failureCode, challenge } = await now();
  assert.deepEqual([state, failureCode, challenge], ['failed', 'authentication_required', null]);
  assert.deepEqual(sent, ['authorize', 'cancel']);
});

test('a challenge that was answered before it was given up is what the bank says', async () => {
  const { id, now } = await waiting(tooLate);
  given.script.tombstone = ['alder'];
  given.script.inquire = accepted;
  await given.payments.giveUp(given.caller, id);
  assert.equal((await now()).state, 'risk_checked');
  given.clock.forward(5_000);
  await given.payments.ask(id, given.caller.merchantId);
  assert.equal((await now()).state, 'captured');
});

test('where nothing can be blocked the challenge waits on, and neither it nor a person is asked before its time is over', async () => {
  const { id, sent, now } = await waiting(accepted);
  await given.payments.giveUp(given.caller, id);
  given.clock.forward(1_000_000);
  await given.payments.sweep(10);
  assert.deepEqual(sent, ['authorize']);
  assert.equal((await now()).challenge?.url, 'https://bank.test/1');
  assert.deepEqual(await given.payments.escalations(given.caller, { open: true }), []);
  given.clock.forward(1_000_000);
  await given.payments.sweep(10);
  assert.equal((await given.payments.escalations(given.caller, { open: true })).length, 1);
});

test('where a challenge alone can be cancelled, it is named by its provider’s own id, in the question as in the cancel', async () => {
  const named: [kind: string, ref: string | undefined][] = [];
  const waits: Outcome = {
    kind: 'challenged',
    url: 'https://bank.test/1',
    providerRef: 'pi_1',
    exchange: { milliseconds: 1 },
  };
  given.script.cancels = ['alder'];
  given.script.send = (order) => {
    if (order.kind !== 'authorize') named.push([order.kind, order.authorizationRef]);
    return order.kind === 'authorize' ? waits : accepted(order);
  };
  given.script.inquire = (order) => {
    named.push([`asked about ${order.kind}`, order.authorizationRef]);
    return waits;
  };
  const { id } = await given.paid('automatic');
  given.clock.forward(5_000);
  await given.payments.ask(id, given.caller.merchantId);
  await given.payments.giveUp(given.caller, id);
  assert.deepEqual(named, [
    ['asked about authorize', 'pi_1'],
    ['cancel', 'pi_1'],
  ]);
  assert.equal((await given.payments.payment(given.caller, id)).state, 'failed');
});
