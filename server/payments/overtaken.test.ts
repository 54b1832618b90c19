import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { absent, paymentsOnDatabase, silence, sure } from './testing/room.ts';

/** Questions to the provider whose answers the test holds back. */
function heldAnswers() {
  const answers: (() => void)[] = [];
  return {
    inquire: () => new Promise<typeof absent>((resolve) => answers.push(() => resolve(absent))),
    async asked(times: number) {
      while (answers.length < times) await sleep(2);
    },
    answer: (nth: number) => answers[nth - 1]?.(),
  };
}

test('a "not found" that was asked for before a refund was sent again does not let its reserve go', async () => {
  await using room = await paymentsOnDatabase();
  const { payments, caller, script, clock } = room;
  const { id: paymentId } = await room.paid('automatic', 10_000n);
  const given = new Map<string, bigint>();
  let sends = 0;
  script.send = (order) => {
    sends += 1;
    // The first request never arrives; what is sent again does, and its answer is lost. Nobody polices the sum there.
    if (sends > 1) given.set(order.operation, order.amount);
    return silence;
  };
  await payments.refund(caller, { paymentId, amount: 6_000n });
  const held = heldAnswers();
  script.inquire = held.inquire;
  clock.forward(sure - 1_000);
  // The worker asks a moment too early for "not found" to be final, and waits long for its answer.
  const worker = payments.sweep(10);
  await held.asked(1);
  clock.forward(3_000);
  // This one asks late enough.
  const second = payments.refund(caller, { paymentId, amount: 6_000n }).then(
    ({ status }) => status,
    ({ code }) => code,
  );
  await held.asked(2);
  held.answer(1);
  await worker;
  assert.deepEqual([...given.values()], [6_000n], 'the worker sent it again');
  held.answer(2);
  assert.equal(await second, 'amount_too_large');
  assert.deepEqual([...given.values()], [6_000n], 'no more than was captured');
});

test('a clock that is set forward makes no "not found" final before the time has passed', async () => {
  await using room = await paymentsOnDatabase();
  const { payments, caller, script, clock } = room;
  const { id: paymentId } = await room.paid('automatic', 10_000n);
  Object.assign(script, { send: () => silence, inquire: () => absent });
  const { id } = await payments.refund(caller, { paymentId, amount: 6_000n });
  const status = async () => (await payments.refundById(caller, id)).status;
  clock.leap(2 * sure);
  await payments.sweep(10);
  assert.equal(await status(), 'open');
  clock.forward(2 * sure);
  await payments.sweep(10);
  assert.equal(await status(), 'absent');
});
