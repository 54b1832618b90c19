import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '#server/auth/caller.ts';
import type { NewReceiver } from './alerts.ts';
import type { Message } from './channel.ts';
import { addMerchant, givenAlerts, ids, newAlert, type Room, staffOf } from './testing/room.ts';

const sent: Message[] = [];
const channel = {
  async send(message: Message) {
    sent.push(message);
    return 'fine';
  },
};

let room: Room;
before(async () => {
  room = await givenAlerts({ email: channel, webhook: channel, pagerduty: channel });
});
after(() => room?.end());

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const hook: NewReceiver = { channel: 'webhook', address: 'https://harbour.test/alerts', secret };

test('an owner names who is told; it is known by its address, and its secret is never told again', async () => {
  const owner = staffOf(ids());
  await room.console.addReceiver(owner, hook);
  await room.console.addReceiver(owner, { ...hook, secret: secret.replace('B', 'C') });
  await room.console.addReceiver(owner, { channel: 'email', address: 'ops@harbour.test' });
  await room.console.addReceiver(owner, { channel: 'pagerduty', address: 'On call', secret: 'a'.repeat(32) });
  const all = await room.console.receivers(owner);
  assert.deepEqual(
    all.map(({ id: _, ...rest }) => rest),
    [
      { channel: 'email', address: 'ops@harbour.test' },
      { channel: 'pagerduty', address: 'On call' },
      { channel: 'webhook', address: 'https://harbour.test/alerts' },
    ],
  );
});

test('who was removed is told nothing more, not even what was on its way, until it is added again', async () => {
  const owner = staffOf(ids());
  await room.console.addReceiver(owner, hook);
  const raise = () => room.alerts.raise(newAlert({ kind: 'event_parked', merchantId: owner.merchantId }));
  await raise();
  const [receiver] = await room.console.receivers(owner);
  await room.console.removeReceiver(owner, receiver?.id ?? '');
  await raise();
  assert.deepEqual([await room.alerts.deliver(10), (await room.console.receivers(owner)).length], [0, 0]);
  await room.console.addReceiver(owner, hook);
  await raise();
  assert.equal(await room.alerts.deliver(10), 2);
  assert.deepEqual(new Set(sent.map((message) => message.secret)), new Set([secret]));
});

test('an address that is none, a secret that is none, and the twenty-first receiver are refused', async () => {
  const owner = staffOf(ids());
  const wrong: [NewReceiver, string][] = [
    [{ channel: 'email', address: 'nobody' }, 'address'],
    [{ channel: 'email', address: 'a@b.test\r\nBcc: c@d.test' }, 'address'],
    [{ channel: 'email', address: 'a@b.test', secret }, 'secret'],
    [{ ...hook, address: 'ftp://harbour.test' }, 'address'],
    [{ ...hook, address: 'https://user:password@harbour.test/' }, 'address'],
    [{ ...hook, secret: 'whsec_short' }, 'secret'],
    [{ channel: 'pagerduty', address: 'On call' }, 'secret'],
  ];
  for (const [receiver, param] of wrong) {
    await assert.rejects(room.console.addReceiver(owner, receiver), { code: 'invalid_input', param });
  }
  const add = (n: number) => room.console.addReceiver(owner, { channel: 'email', address: `ops${n}@harbour.test` });
  for (let n = 0; n < 20; n++) await add(n);
  await assert.rejects(add(20), { code: 'invalid_input' });
  await add(19);
});

test('finance sees who is told and changes nothing; a stranger removes nobody', async () => {
  const owner = staffOf(ids());
  await room.console.addReceiver(owner, hook);
  const finance = staffOf(owner.merchantId, 'finance');
  const [receiver] = await room.console.receivers(finance);
  const id = receiver?.id ?? assert.fail();
  await assert.rejects(room.console.addReceiver(finance, hook), { code: 'forbidden' });
  await assert.rejects(room.console.removeReceiver(finance, id), { code: 'forbidden' });
  await assert.rejects(room.console.removeReceiver(staffOf(ids()), id), { code: 'not_found' });
});

test("a webhook's path is shown to who may name receivers, and to nobody else", async () => {
  const owner = staffOf(ids());
  for (const address of ['https://hooks.harbour.test/T1/B2/password', 'https://hooks.harbour.test?key=password']) {
    await room.console.addReceiver(owner, { ...hook, address });
  }
  await room.console.addReceiver(owner, { channel: 'email', address: 'ops@harbour.test' });
  await room.alerts.raise(newAlert({ kind: 'event_parked', merchantId: owner.merchantId }));
  const shownTo = async (caller: Caller) => {
    const [alert] = await room.console.list(caller);
    const told = alert?.told.map(({ address }) => address);
    return [told?.sort(), (await room.console.receivers(caller)).map(({ address }) => address).sort()];
  };
  const whole = ['https://hooks.harbour.test/T1/B2/password', 'https://hooks.harbour.test?key=password'];
  assert.deepEqual(await shownTo(owner), Array(2).fill([...whole, 'ops@harbour.test']));
  const host = 'https://hooks.harbour.test/…';
  for (const role of ['finance', 'support'] as const) {
    assert.deepEqual(await shownTo(staffOf(owner.merchantId, role)), Array(2).fill([host, host, 'ops@harbour.test']));
  }
});

test("an installation's alerts go to its only merchant's people where it has named nobody, and to no one of several", async (t) => {
  const small = await givenAlerts();
  t.after(() => small.end());
  const told = async () => {
    const everybodys = newAlert({ kind: 'event_parked', merchantId: null });
    await small.alerts.raise(everybodys);
    const rows = await small.owner<{ address: string }[]>`
      SELECT r.address FROM alert_deliveries d JOIN alerts a ON a.id = d.alert_id
      JOIN alert_receivers r ON r.id = d.receiver_id WHERE a.subject = ${everybodys.subject}`;
    return rows.map(({ address }) => address);
  };
  const owner = staffOf(await addMerchant(small.owner));
  assert.deepEqual(await told(), []);
  await small.console.addReceiver(owner, { channel: 'email', address: 'ops@harbour.test' });
  assert.deepEqual(await told(), ['ops@harbour.test']);
  await addMerchant(small.owner);
  assert.deepEqual(await told(), [], 'that only one of two has named somebody makes it no concern of theirs');
});
