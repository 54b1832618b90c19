import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import type { Channels, Message } from './channel.ts';
import { addReceiver, givenAlerts, ids, newAlert, type Room, staffOf } from './testing/room.ts';

/** What arrived, and how the next sends end. */
const sends: Message[] = [];
let answer: (message: Message, signal: AbortSignal) => Promise<string> = async () => 'fine';
const channel = {
  async send(message: Message, signal: AbortSignal) {
    sends.push(message);
    return answer(message, signal);
  },
};
const channels: Channels = { email: channel, webhook: channel, pagerduty: channel };
const refuses = () => Promise.reject(new Error('answered 503'));

const room: Room = await givenAlerts(channels);
after(() => room.end());
beforeEach(async () => {
  answer = async () => 'fine';
  room.pass(48 * 60 * 60_000);
  while ((await room.alerts.deliver(100)) > 0);
  sends.length = 0;
});

/** An open alert of a merchant with one receiver. */
async function given(way: 'email' | 'webhook' | 'pagerduty' = 'webhook') {
  const merchantId = ids();
  const secret = way === 'email' ? {} : { secret: 'whsec_c2VjcmV0' };
  await addReceiver(room.owner, { merchantId, channel: way, address: 'https://hook.test', ...secret });
  const alert = newAlert({ kind: 'escalation_opened', merchantId });
  await room.alerts.raise(alert);
  const caller = staffOf(merchantId);
  const told = async () => (await room.console.list(caller))[0]?.told ?? [];
  return { alert, caller, told };
}

test('what is raised is told once, and then what becomes of it', async () => {
  const { alert, caller, told } = await given();
  await room.alerts.raise(alert);
  assert.equal(await room.alerts.deliver(10), 1);
  assert.equal(await room.alerts.deliver(10), 0);
  const [shown] = await room.console.list(caller);
  await room.console.acknowledge(caller, shown?.id ?? '');
  await room.alerts.resolve(alert.kind, alert.subject);
  while ((await room.alerts.deliver(10)) > 0);
  assert.deepEqual(
    sends.map(({ news }) => news),
    ['raised', 'acknowledged', 'resolved'],
  );
  assert.deepEqual(
    (await told()).map(({ standing, lastAnswer, tries }) => [standing, lastAnswer, tries]),
    Array(3).fill(['delivered', 'fine', 1]),
  );
});

test('people are not mailed that one of them has seen it', async () => {
  const { caller } = await given('email');
  const [shown] = await room.console.list(caller);
  await room.console.acknowledge(caller, shown?.id ?? '');
  while ((await room.alerts.deliver(10)) > 0);
  assert.deepEqual(
    sends.map(({ news }) => news),
    ['raised'],
  );
});

test('that it is over is not told before it was told that it began', async () => {
  const { alert } = await given('pagerduty');
  await room.alerts.resolve(alert.kind, alert.subject);
  answer = refuses;
  assert.equal(await room.alerts.deliver(10), 1);
  assert.equal(await room.alerts.deliver(10), 0, 'the end waits for the beginning');
  answer = async () => 'fine';
  room.pass(5_000);
  while ((await room.alerts.deliver(10)) > 0);
  assert.deepEqual(
    sends.map(({ news }) => news),
    ['raised', 'raised', 'resolved'],
  );
});

test('what did not arrive is sent again under the same id, ever more rarely, and given up after a day in sight of all', async () => {
  const { told } = await given();
  answer = refuses;
  const pauses: number[] = [];
  for (let waited = 0; waited < 25 * 60 * 60_000; ) {
    if ((await room.alerts.deliver(10)) > 0) {
      pauses.push(waited);
      waited = 0;
    }
    if ((await told())[0]?.standing === 'given_up') break;
    room.pass(1_000 * Math.ceil(pauses.length ** 2 + 1));
    waited += 1_000 * Math.ceil(pauses.length ** 2 + 1);
  }
  const [one] = await told();
  assert.deepEqual([one?.standing, one?.lastAnswer], ['given_up', 'answered 503']);
  assert.ok(sends.length > 15 && sends.length < 60, `${sends.length} tries in a day`);
  assert.equal(new Set(sends.map(({ delivery }) => delivery)).size, 1);
  assert.ok((pauses[1] ?? 0) < 10_000 && (pauses[8] ?? 0) > 300_000, `the pauses grow: ${pauses}`);
  assert.equal(await room.alerts.deliver(10), 0);
  assert.match(room.lines.join(''), /given up/);
});

test('who dies while sending lets go after the lease; until then nobody else sends', async () => {
  await given();
  // Never settles, as in a process that is gone.
  let claimed = () => {};
  const begun = new Promise<void>((resolve) => {
    claimed = resolve;
  });
  answer = () => {
    claimed();
    return new Promise<string>(() => {});
  };
  void room.alerts.deliver(10).catch(() => undefined);
  await begun;
  answer = async () => 'fine';
  assert.equal(await room.alerts.deliver(10), 0);
  room.pass(60_000);
  assert.equal(await room.alerts.deliver(10), 1);
  assert.equal(sends[0]?.delivery, sends[1]?.delivery);
});

test('of many who deliver at once each piece of news is claimed by one', async () => {
  await Promise.all(Array.from({ length: 20 }, () => given()));
  const counts = await Promise.all(Array.from({ length: 8 }, () => room.alerts.deliver(20)));
  while ((await room.alerts.deliver(20)) > 0);
  assert.ok(counts.filter((n) => n > 0).length >= 1);
  assert.deepEqual([sends.length, new Set(sends.map(({ delivery }) => delivery)).size], [20, 20]);
});
