import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NewAlert } from '#server/alerts/alerts.ts';
import { refusalIn } from './refused.ts';
import { type Console, givenConsole } from './testing/console.ts';

let desk: Console;
before(async () => {
  desk = await givenConsole();
});
after(() => desk?.end());

const escalation = (merchantId: string, subject: string): NewAlert => ({
  kind: 'escalation_opened',
  merchantId,
  subject,
  title: 'A provider does not say whether it moved money',
  detail: { Payment: 'ch_1' },
  path: '/admin/escalations/esc_1',
});

test('an alert is listed, counted in the navigation, and acknowledged by who may', async () => {
  const finance = desk.callAs(await desk.seatOf('finance'));
  const support = desk.callAs(await desk.seatOf('support'));
  await desk.rooms.alerts.raise(escalation(desk.merchants.harbour, 'one'));
  await desk.rooms.alerts.raise(escalation(desk.merchants.other, 'theirs'));
  assert.equal((await finance.seat.me()).alerts, 1);
  const { rows, can } = await support.alerts.list({ open: true });
  assert.deepEqual([rows.length, can.acknowledge, rows[0]?.wholeInstallation], [1, false, false]);
  const id = rows[0]?.id ?? assert.fail();
  const refused = await support.alerts.acknowledge({ id }).catch((error) => refusalIn(error)?.code);
  assert.equal(refused, 'forbidden');
  await finance.alerts.acknowledge({ id });
  await finance.alerts.acknowledge({ id });
  assert.equal(await finance.alerts.unseen(), 0);
  const [shown] = (await finance.alerts.list({ open: true })).rows;
  assert.equal(shown?.acknowledged?.by, 'finance of harbour');
  assert.deepEqual((await finance.alerts.list({ open: false })).rows, []);
});

test("another merchant's alert is as unknown as none", async () => {
  const ours = desk.callAs(await desk.seatOf('owner'));
  const theirs = desk.callAs(await desk.seatOf('owner', 'other'));
  const [alert] = (await theirs.alerts.list({ open: true })).rows;
  const id = alert?.id ?? assert.fail();
  assert.equal(await ours.alerts.acknowledge({ id }).catch((error) => refusalIn(error)?.code), 'not_found');
});
