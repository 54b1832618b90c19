import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMerchant, addReceiver, givenAlerts, ids, newAlert, type Room, staffOf } from './testing/room.ts';

let room: Room;
before(async () => {
  room = await givenAlerts();
});
after(() => room?.end());

const minutes = (n: number) => n * 60_000;
const escalation = (merchantId: string, subject = ids()) =>
  newAlert({ kind: 'escalation_opened', merchantId, subject, path: `/admin/escalations/${subject}` });

test('of a hundred who raise the same thing at once there is one alert, which counts them all', async () => {
  const merchantId = ids();
  const alert = escalation(merchantId);
  await Promise.all(Array.from({ length: 100 }, () => room.alerts.raise(alert)));
  const [one, ...others] = await room.console.list(staffOf(merchantId), { open: true });
  assert.deepEqual([one?.times, one?.subject, others.length], [100, alert.subject, 0]);
  assert.deepEqual([one?.severity, one?.path, one?.detail], ['critical', alert.path, { Payment: 'ch_1' }]);
});

test('details are shown in the order in which they were told', async () => {
  const merchantId = ids();
  await room.alerts.raise(newAlert({ kind: 'event_parked', merchantId, detail: { Payment: 'ch_1', Why: 'late' } }));
  const [alert] = await room.console.list(staffOf(merchantId));
  assert.deepEqual(Object.keys(alert?.detail ?? {}), ['Payment', 'Why']);
});

test('what is over is resolved, and what begins anew is another alert', async () => {
  const merchantId = ids();
  const alert = escalation(merchantId);
  await room.alerts.raise(alert);
  await room.alerts.resolve('escalation_opened', alert.subject);
  await room.alerts.resolve('escalation_opened', alert.subject);
  await room.alerts.raise(alert);
  const all = await room.console.list(staffOf(merchantId));
  assert.deepEqual(
    all.map(({ times, resolvedAt }) => [times, resolvedAt !== null]),
    [
      [1, false],
      [1, true],
    ],
  );
});

test('an alert is shown and sent from its threshold on: so many raises within so many minutes', async () => {
  const merchantId = ids();
  const caller = staffOf(merchantId);
  await addReceiver(room.owner, { merchantId, channel: 'email', address: 'ops@harbour.test' });
  await room.owner`
    INSERT INTO alert_rules (id, merchant_id, kind, severity, raises, minutes, receivers, enabled)
    VALUES (${ids()}, ${merchantId}, 'webhooks_rejected', 'info', 3, 10, NULL, true)`;
  const alert = newAlert({ kind: 'webhooks_rejected', merchantId });
  for (const wait of [0, minutes(6), minutes(6), minutes(6)]) {
    room.pass(wait);
    await room.alerts.raise(alert);
  }
  assert.deepEqual(await room.console.list(caller), [], 'three within twelve minutes are not enough');
  room.pass(minutes(3));
  await room.alerts.raise(alert);
  await room.alerts.raise(alert);
  const [shown] = await room.console.list(caller);
  assert.deepEqual([shown?.times, shown?.severity, shown?.told.length], [6, 'info', 1]);
});

test('a kind that a merchant has switched off is not raised there, and is elsewhere', async () => {
  const [muted, other] = [ids(), ids()];
  await room.owner`
    INSERT INTO alert_rules (id, merchant_id, kind, severity, raises, minutes, receivers, enabled)
    VALUES (${ids()}, ${muted}, 'escalation_opened', 'critical', 1, 1, NULL, false)`;
  for (const merchantId of [muted, other]) await room.alerts.raise(escalation(merchantId));
  assert.equal((await room.console.list(staffOf(muted))).length, 0);
  assert.equal((await room.console.list(staffOf(other))).length, 1);
});

test("who is told: the rule's receivers, else all of the merchant's, else the installation's", async (t) => {
  const [ruled, plain, bare] = [ids(), ids(), ids()];
  const whole = await addReceiver(room.owner, { merchantId: null, channel: 'email', address: 'night@florin.test' });
  t.after(() => room.owner`UPDATE alert_receivers SET disabled_at = ${new Date()} WHERE id = ${whole}`);
  for (const merchantId of [ruled, plain]) {
    await addReceiver(room.owner, { merchantId, channel: 'email', address: 'ops@harbour.test' });
  }
  const chosen = await addReceiver(room.owner, { merchantId: ruled, channel: 'email', address: 'chief@harbour.test' });
  await room.owner`
    INSERT INTO alert_rules (id, merchant_id, kind, severity, raises, minutes, receivers, enabled)
    VALUES (${ids()}, ${ruled}, 'escalation_opened', 'critical', 1, 1, ARRAY[${chosen}::uuid], true)`;
  const told: string[][] = [];
  const addresses = () => room.owner<{ merchant_id: string; address: string }[]>`
    SELECT a.merchant_id, r.address FROM alert_deliveries d
    JOIN alerts a ON a.id = d.alert_id JOIN alert_receivers r ON r.id = d.receiver_id`;
  for (const merchantId of [ruled, plain, bare]) {
    await room.alerts.raise(escalation(merchantId));
    told.push((await addresses()).filter((row) => row.merchant_id === merchantId).map(({ address }) => address));
  }
  assert.deepEqual(told, [['chief@harbour.test'], ['ops@harbour.test'], ['night@florin.test']]);
  const [alert] = await room.console.list(staffOf(bare));
  assert.deepEqual([alert?.told, alert?.installationTold], [[], true], 'that they were told, and not where');
});

test("a merchant's alerts are its own; those of the installation are seen by an only merchant's owner", async (t) => {
  const merchantId = await addMerchant(room.owner);
  t.after(() => room.owner`DELETE FROM merchants`);
  await room.alerts.raise(escalation(ids()));
  const everybodys = newAlert({ kind: 'event_parked', merchantId: null });
  await room.alerts.raise(everybodys);
  t.after(() => room.alerts.resolve('event_parked', everybodys.subject));
  const seenBy = async (role: 'owner' | 'finance') =>
    (await room.console.list(staffOf(merchantId, role))).map(({ subject }) => subject);
  assert.deepEqual(await seenBy('owner'), [everybodys.subject]);
  assert.deepEqual(await seenBy('finance'), []);
  assert.deepEqual(
    [await room.console.unseen(staffOf(merchantId)), await room.console.unseen(staffOf(merchantId, 'finance'))],
    [1, 0],
  );
});

test("where there are several merchants, none sees or acknowledges what is the installation's", async (t) => {
  const owner = staffOf(await addMerchant(room.owner));
  t.after(() => room.owner`DELETE FROM merchants`);
  const [waiting, seen] = [0, 1].map(() => newAlert({ kind: 'provider_down', merchantId: null }));
  for (const alert of [waiting, seen, waiting, seen]) await room.alerts.raise(alert ?? assert.fail());
  const shown = await room.console.list(owner);
  const idOf = (alert: typeof seen) => shown.find(({ subject }) => subject === alert?.subject)?.id ?? assert.fail();
  await room.console.acknowledge(owner, idOf(seen));

  const other = staffOf(await addMerchant(room.owner));
  for (const caller of [owner, other]) {
    assert.deepEqual([await room.console.list(caller), await room.console.unseen(caller)], [[], 0]);
    for (const alert of [waiting, seen])
      await assert.rejects(room.console.acknowledge(caller, idOf(alert)), { code: 'not_found' });
  }
  const [row] = await room.owner`SELECT acknowledged_at FROM alerts WHERE id = ${idOf(waiting)}`;
  assert.equal(row?.acknowledged_at, null);
});

test("another merchant's receivers are not shown beside an alert that they too were told of", async (t) => {
  const [ours, theirs] = [await addMerchant(room.owner), ids()];
  t.after(() => room.owner`DELETE FROM merchants`);
  const told: string[] = [];
  for (const [merchantId, address] of [
    [ours, 'ops@harbour.test'],
    [theirs, 'ops@other.test'],
    [null, 'watch@florin.test'],
  ] as const)
    told.push(await addReceiver(room.owner, { merchantId, channel: 'email', address }));
  t.after(() => room.owner`UPDATE alert_receivers SET disabled_at = ${new Date()} WHERE id = ANY(${told}::uuid[])`);
  const alert = newAlert({ kind: 'event_parked', merchantId: null });
  await room.alerts.raise(alert);
  t.after(() => room.alerts.resolve(alert.kind, alert.subject));
  // As it stands where this merchant was the first: then its people were told, later the installation's and another's.
  for (const id of told) {
    await room.owner`
      INSERT INTO alert_deliveries (id, alert_id, receiver_id, news, created_at, due_at, tries)
      SELECT ${ids()}, id, ${id}, 'raised', ${new Date()}, ${new Date()}, 0 FROM alerts WHERE subject = ${alert.subject}
      ON CONFLICT DO NOTHING`;
  }
  const [shown] = await room.console.list(staffOf(ours));
  assert.deepEqual([shown?.told.map(({ address }) => address), shown?.installationTold], [['ops@harbour.test'], true]);
});

test('the first to acknowledge is on record, and the alert is no longer counted', async () => {
  const merchantId = ids();
  const [first, second] = [staffOf(merchantId, 'finance'), staffOf(merchantId)];
  await room.alerts.raise(escalation(merchantId));
  const [alert] = await room.console.list(first);
  const id = alert?.id ?? assert.fail();
  assert.equal(await room.console.unseen(first), 1);
  await room.console.acknowledge(first, id);
  const again = await room.console.acknowledge(second, id);
  assert.equal(again.acknowledged?.by, 'Ann of finance');
  assert.equal(await room.console.unseen(first), 0);
});

test('who may not acknowledge is refused, and to a stranger there is no such alert', async () => {
  const merchantId = ids();
  await room.alerts.raise(escalation(merchantId));
  const [alert] = await room.console.list(staffOf(merchantId));
  const id = alert?.id ?? assert.fail();
  await assert.rejects(room.console.acknowledge(staffOf(merchantId, 'support'), id), { code: 'forbidden' });
  await assert.rejects(room.console.acknowledge(staffOf(ids()), id), { code: 'not_found' });
  const shopper = { kind: 'shopper', merchantId, sessionId: ids() } as const;
  await assert.rejects(room.console.list(shopper), { code: 'forbidden' });
});

test("a receiver's secret is read by the worker alone", async () => {
  await assert.rejects(room.sqlOf('web')`SELECT secret FROM alert_receivers`, { code: '42501' });
  await room.sqlOf('worker')`SELECT secret FROM alert_receivers`;
});
