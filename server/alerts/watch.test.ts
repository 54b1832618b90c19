import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NewAlert } from './alerts.ts';
import { addMerchant, givenAlerts, ids, newAlert, type Room, staffOf } from './testing/room.ts';
import { settleQuiet, watch } from './watch.ts';

/** The owner of the only merchant, who sees what is the installation's. */
const caller = staffOf(ids());
let room: Room;
before(async () => {
  room = await givenAlerts();
  await addMerchant(room.owner, caller.merchantId);
});
after(() => room?.end());

const shown = async () =>
  (await room.console.list(caller)).map(({ subject, resolvedAt, times }) => [subject, resolvedAt !== null, times]);

test('what is wrong for two looks is raised, what is wrong no more is resolved, and a blip is nothing', async () => {
  const down = (subject: string): NewAlert => newAlert({ kind: 'provider_down', merchantId: null, subject });
  let wrong: NewAlert[] = [];
  const look = () => watch(room.alerts, { provider_down: async () => wrong });
  wrong = [down('alder')];
  await look();
  assert.deepEqual(await shown(), []);
  wrong = [down('alder'), down('birch')];
  assert.equal(await look(), 2);
  assert.deepEqual(await shown(), [['alder', false, 2]]);
  await look();
  wrong = [];
  await look();
  assert.deepEqual(await shown(), [
    ['birch', true, 2],
    ['alder', true, 2],
  ]);
});

test('a question that fails resolves nothing of its kind, and keeps no other from being asked', async () => {
  const stuck = newAlert({ kind: 'event_parked', merchantId: null, subject: 'readmodel' });
  await watch(room.alerts, { event_parked: async () => [stuck] });
  const blind = watch(room.alerts, {
    event_parked: () => Promise.reject(new Error('the database is away')),
    escalation_opened: async () => [newAlert({ kind: 'escalation_opened', merchantId: null, subject: 'late' })],
  });
  await assert.rejects(blind, AggregateError);
  assert.deepEqual((await shown()).slice(0, 2), [
    ['late', false, 1],
    ['readmodel', false, 1],
  ]);
});

test('what is counted is over when it has been quiet for long enough', async () => {
  const alert = newAlert({ kind: 'fulfilment_failed', merchantId: null, subject: 'warehouse' });
  await room.alerts.raise(alert);
  await settleQuiet(room.alerts, 'fulfilment_failed', room.clock.now());
  assert.deepEqual((await shown())[0], ['warehouse', false, 1]);
  room.pass(60_000);
  await settleQuiet(room.alerts, 'fulfilment_failed', room.clock.now());
  assert.deepEqual((await shown())[0], ['warehouse', true, 1]);
});
