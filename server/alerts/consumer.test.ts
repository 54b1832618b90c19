import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeTransact } from '#db/transaction.ts';
import type { LoggedEvent } from '#server/events/consumer.ts';
import { showId } from '#server/kernel/id.ts';
import { alertsConsumer } from './consumer.ts';
import { givenAlerts, ids, type Room, staffOf } from './testing/room.ts';

let room: Room;
before(async () => {
  room = await givenAlerts();
});
after(() => room?.end());

const event = (fields: Partial<LoggedEvent>): LoggedEvent => ({
  id: ids(),
  paymentId: ids(),
  seq: 7,
  merchantId: ids(),
  from: 'authorized',
  trigger: 'escalated',
  to: 'authorized',
  cause: 'sweep',
  actor: { kind: 'workload', id: 'worker' },
  operationId: ids(),
  amount: 1250n,
  data: {},
  at: new Date('2026-01-01T12:00:00Z'),
  ...fields,
});

test('an escalation is an alert from the event that opened it to the event that closed it', async () => {
  const consumer = alertsConsumer({ clock: room.clock, ids });
  const transact = makeTransact(room.sqlOf('worker'));
  const act = (...events: LoggedEvent[]) => transact('events.consume', (tx) => consumer.effect(tx, events));
  const escalation = ids();
  const opened = event({ data: { escalation, kind: 'unanswered' } });
  const caller = staffOf(opened.merchantId);
  await act(event({ trigger: 'capture', merchantId: opened.merchantId }), opened);
  const [alert, ...others] = await room.console.list(caller);
  assert.deepEqual(
    [alert?.subject, alert?.path, alert?.severity, others.length],
    [escalation, `/admin/escalations/${showId('escalation', escalation)}`, 'critical', 0],
  );
  assert.match(alert?.title ?? '', /does not say whether it moved money/);
  const { merchantId } = opened;
  await act(event({ trigger: 'escalation_proposed', merchantId, data: { escalation } }));
  assert.equal((await room.console.list(caller, { open: true })).length, 1);
  await act(event({ trigger: 'escalation_closed', merchantId, data: { escalation, how: 'confirmed' } }));
  assert.equal((await room.console.list(caller, { open: true })).length, 0);
});
