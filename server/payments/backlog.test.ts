import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accepted, paymentsOnDatabase, silence } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase();
});
after(() => room[Symbol.asyncDispose]());

test('what waits is told with the time since when: queued payments by merchant, and operations nobody asked about', async () => {
  assert.deepEqual(await room.payments.backlog(), { queued: [], unasked: null });
  room.script.send = (order) => (order.kind === 'capture' ? silence : accepted(order));
  await room.paid('automatic');
  room.script.stopped = ['alder'];
  const began = room.clock.now();
  await room.paid('automatic');
  await room.paid('automatic');
  room.clock.forward(300_000);
  const { queued, unasked } = await room.payments.backlog();
  assert.deepEqual(queued, [{ merchantId: room.caller.merchantId, payments: 2, since: began }]);
  assert.equal(unasked?.operations, 1);
  assert.ok(unasked.since < room.clock.now() && unasked.since >= began);
});
