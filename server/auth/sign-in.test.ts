import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Connections, openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import type { Refusal } from '#server/kernel/refusal.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { addMerchant } from './merchants.ts';
import { signIn } from './sign-in.ts';
import { limits, silence } from './sign-in-failures.ts';
import { addStaff, disableStaff, staffNames } from './staff.ts';
import { absoluteLimit, callerOfSession, idleLimit, revokeSession } from './staff-sessions.ts';

const start = Date.parse('2026-11-21T12:00:00Z');
let moment = start;
const clock = { ...systemClock, now: () => new Date(moment) };
const ids = uuidv7({ now: systemClock.now, random });
const lines: string[] = [];
const log = makeLog('test', { write: (line) => void lines.push(line) });
const merchantId = ids();
const password = 'correct horse 1';
const minute = 60_000;
let database: TestDatabase;
let owner: Connections;
let web: Connections;

before(async () => {
  database = await testDatabase();
  owner = openDatabase({ url: database.url('owner'), application: 'test' });
  web = openDatabase({ url: database.url('web'), application: 'test' });
  await addMerchant(owner.db, { clock }, { id: merchantId, name: 'Harbour Goods', currency: 'EUR' });
});

beforeEach(async () => {
  moment = start;
  lines.length = 0;
  await owner.sql`DELETE FROM sign_in_failures`;
});

after(async () => {
  await Promise.all([owner?.close(), web?.close()]);
  await database?.drop();
});

async function givenStaff(name: string) {
  const email = `${name}@harbour.test`;
  await addStaff(owner.db, { clock, ids }, { merchantId, email, name, role: 'finance', password });
  return email;
}

function attempt(email: string, typed: string = password, address = '192.0.2.1') {
  return signIn(web.db, { clock, random, log }, { email, password: typed, address });
}

const codeOf = (tried: Promise<unknown>) =>
  tried.then(
    () => 'in',
    (no: Refusal) => no.code,
  );

async function fail(times: number, email: string, address?: string) {
  for (let time = 0; time < times; time++)
    assert.equal(await codeOf(attempt(email, 'wrong', address)), 'unauthenticated');
}

test('the right password opens a session of 256 random bits, which the database does not know', async () => {
  const session = await attempt(` ${(await givenStaff('ann')).toUpperCase()} `);
  assert.match(session, /^[\w-]{43}$/);
  const caller = await callerOfSession(web.db, { clock }, session);
  assert.deepEqual(caller, { kind: 'staff', merchantId, staffId: caller.staffId, name: 'ann', role: 'finance' });
  const rows = await owner.sql`SELECT s::text AS row FROM staff_sessions s`;
  assert.equal(
    rows.some(({ row }) => row.includes(session)),
    false,
  );
  assert.notEqual(await attempt('ann@harbour.test'), session, 'a new one at each sign-in');
});

test('an unknown account, a wrong password and a disabled account look the same from outside', async () => {
  const email = await givenStaff('bea');
  const { staffId } = await callerOfSession(web.db, { clock }, await attempt(email));
  const said = async (tried: Promise<unknown>) => tried.catch(({ code, message }: Refusal) => ({ code, message }));
  const wrong = await said(attempt(email, 'wrong'));
  assert.deepEqual(await said(attempt('nobody@harbour.test')), wrong);
  for (const odd of ['', 'nobody\0@harbour.test', 'x'.repeat(1_000_000)])
    assert.deepEqual(await said(attempt(odd)), wrong);
  await disableStaff(owner.db, { clock }, { merchantId, staffId });
  assert.deepEqual(await said(attempt(email)), wrong);
});

test('an unknown account takes the time of a hash too', async () => {
  const email = await givenStaff('cat');
  const fastest = async (who: string) => {
    const times: number[] = [];
    for (let time = 0; time < 5; time++) {
      const began = performance.now();
      await codeOf(attempt(who, 'wrong', `192.0.2.${time + 10}`));
      times.push(performance.now() - began);
    }
    return Math.min(...times);
  };
  const [known, unknown] = [await fastest(email), await fastest('nobody@harbour.test')];
  assert.ok(unknown > known * 0.4, `${unknown} ms against ${known} ms`);
});

test('ten failures silence an account for thirty minutes, whatever the address, and the right password too', async () => {
  const email = await givenStaff('dan');
  for (let time = 0; time < limits.account; time++) await fail(1, email, `192.0.2.${time + 1}`);
  assert.equal(await codeOf(attempt(email, password, '198.51.100.9')), 'throttled');
  moment += silence - 1;
  assert.equal(await codeOf(attempt(email)), 'throttled');
  moment += 1;
  assert.equal(await codeOf(attempt(email)), 'in');
});

test('an account that does not exist is silenced like one that does', async () => {
  await fail(limits.account, 'nobody@harbour.test');
  assert.equal(await codeOf(attempt('nobody@harbour.test')), 'throttled');
});

test('the right password before the tenth failure starts the count anew', async () => {
  const email = await givenStaff('eve');
  for (let round = 0; round < 2; round++) {
    await fail(limits.account - 1, email);
    assert.equal(await codeOf(attempt(email)), 'in');
  }
});

test('one address is silenced after its failures on many accounts; an IPv6 customer is one address', async () => {
  const email = await givenStaff('fay');
  for (const [bad, same, other] of [
    ['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.8'],
    ['2001:db8::1', '2001:db8:0:0:9:9:9:9', '2001:db8:0:1::1'],
  ] as const) {
    for (let time = 0; time < limits.address; time++) await fail(1, `who${time}@harbour.test`, bad);
    assert.equal(await codeOf(attempt(email, password, same)), 'throttled');
    assert.equal(await codeOf(attempt(email, password, other)), 'in');
    await owner.sql`DELETE FROM sign_in_failures WHERE key LIKE 'account:%'`;
  }
});

test('guesses sent at once are counted before any of them is looked at', async () => {
  const email = await givenStaff('gil');
  const guesses = Array.from({ length: 25 }, (_, guess) => codeOf(attempt(email, 'wrong', `198.51.100.${guess}`)));
  const codes = await Promise.all([...guesses, codeOf(attempt(email, 'wrong', '198.51.100.99'))]);
  assert.equal(codes.filter((code) => code === 'unauthenticated').length, limits.account);
  assert.equal(codes.filter((code) => code === 'throttled').length, codes.length - limits.account);
});

test('every refused attempt is logged with why, who and from where, and never with what was typed', async () => {
  const email = await givenStaff('hal');
  await fail(1, email);
  await codeOf(attempt('typed-my-password-here', 'typed-secret'));
  for (let time = 0; time < limits.account; time++) await codeOf(attempt(email, 'wrong'));
  const said = lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    [said[0].reason, said[1].reason, said.at(-1).reason],
    ['wrong_password', 'unknown_account', 'throttled'],
  );
  assert.match(said[0].staff, /^[0-9a-f-]{36}$/);
  assert.equal(said[0].client, '192.0.2.1');
  assert.equal(lines.join().includes('typed-'), false);
  const rows = await owner.sql`SELECT f::text AS row FROM sign_in_failures f`;
  assert.equal(
    rows.some(({ row }) => row.includes('typed-')),
    false,
  );
});

test('a session ends after 15 idle minutes, and after 12 hours however busy', async () => {
  const email = await givenStaff('ida');
  const ended = { code: 'unauthenticated' };
  const idle = await attempt(email);
  moment += idleLimit - 1;
  await callerOfSession(web.db, { clock }, idle);
  moment += idleLimit - 1;
  await callerOfSession(web.db, { clock }, idle);
  moment += idleLimit;
  await assert.rejects(callerOfSession(web.db, { clock }, idle), ended);

  const busy = await attempt(email);
  const end = moment + absoluteLimit;
  for (; moment < end; moment += 10 * minute) await callerOfSession(web.db, { clock }, busy);
  await assert.rejects(callerOfSession(web.db, { clock }, busy), ended);
});

test('role and disabled state count from the next request, and a session that was ended stays ended', async () => {
  const email = await givenStaff('joe');
  const [first, second] = [await attempt(email), await attempt(email)];
  await owner.sql`UPDATE staff SET role = 'support' WHERE email = ${email}`;
  const { role, staffId } = await callerOfSession(web.db, { clock }, first);
  assert.equal(role, 'support');
  const ended = { code: 'unauthenticated' };
  await revokeSession(web.db, { clock }, first);
  await assert.rejects(callerOfSession(web.db, { clock }, first), ended);
  await callerOfSession(web.db, { clock }, second);
  await disableStaff(owner.db, { clock }, { merchantId: ids(), staffId });
  await callerOfSession(web.db, { clock }, second);
  await disableStaff(owner.db, { clock }, { merchantId, staffId });
  await assert.rejects(callerOfSession(web.db, { clock }, second), ended);
  await assert.rejects(callerOfSession(web.db, { clock }, ''), ended);
});

test('staff is added once, belongs to one merchant, and its names are read within that merchant alone', async () => {
  const email = await givenStaff('kim');
  await givenStaff('kim');
  const { staffId } = await callerOfSession(web.db, { clock }, await attempt(email));
  assert.deepEqual([...(await staffNames(web.db, { merchantId, ids: [staffId] }))], [[staffId, 'kim']]);
  const other = ids();
  assert.equal((await staffNames(web.db, { merchantId: other, ids: [staffId] })).size, 0);
  await addMerchant(owner.db, { clock }, { id: other, name: 'Other', currency: 'EUR' });
  const taken = addStaff(owner.db, { clock, ids }, { merchantId: other, email, name: 'Kim', role: 'owner', password });
  await assert.rejects(taken, { code: 'invalid_input', param: 'email' });
});
