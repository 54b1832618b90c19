import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '#server/kernel/clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { Sent } from '#server/vault-client/vault-client.ts';
import type { Outcome } from '../outcome.ts';
import { type Call, makeGuard } from './guard.ts';
import { limits } from './limits.ts';

type Kind = Call['kind'];

/** A clock that goes only when it is told to: what is due then happens in its order. */
function handClock() {
  let now = 1_000_000;
  let timers: { at: number; run(): void }[] = [];
  const after = (ms: number, run: () => void) => {
    const timer = { at: now + ms, run };
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  const clock: Clock = {
    now: () => new Date(now),
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    idle: (fn) => void setImmediate(fn),
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    async forward(ms: number) {
      const end = now + ms;
      for (;;) {
        await settled();
        const [next] = timers.toSorted((a, b) => a.at - b.at);
        if (!next || next.at > end) break;
        now = next.at;
        timers = timers.filter((one) => one !== next);
        next.run();
      }
      now = end;
      await settled();
    },
  };
}

const exchange = { milliseconds: 1 };
const approved: Sent = { kind: 'answered', status: 201, body: 'approved', milliseconds: 1 };
const declined: Sent = { kind: 'answered', status: 402, body: 'declined', milliseconds: 1 };
const failed: Sent = { kind: 'answered', status: 503, body: 'sorry', milliseconds: 1 };
const lost: Sent = { kind: 'silent', why: 'connection_lost', milliseconds: 1 };
const unreachable: Sent = { kind: 'not_sent', code: 'provider_unreachable', message: 'nobody listens' };
const vaultLost: Sent = { kind: 'silent', why: 'vault_lost', milliseconds: 1 };
const vaultAway: Sent = { kind: 'not_sent', code: 'unavailable', message: 'The vault cannot be reached.' };

function read(sent: Sent): Outcome {
  if (sent.kind === 'not_sent') return { kind: 'not_taken', why: sent.code, exchange };
  if (sent.kind === 'silent') return { kind: 'unknown', why: sent.why, exchange };
  if (sent === approved) return { kind: 'accepted', providerRef: 'a', amount: 1n, currency: 'EUR', exchange };
  if (sent === declined) {
    return { kind: 'refused', code: 'generic_decline', providerCode: null, message: 'no', retryable: false, exchange };
  }
  return { kind: 'unknown', why: 'cannot be read', exchange };
}

/** A guard, and the provider behind it in the test's hand. */
function guarded(settings: object = {}) {
  const { clock, forward } = handClock();
  const log = makeLog('test', { write: () => {} });
  const guard = makeGuard('alder', limits.parse(settings), { clock, random: systemRandom, log });
  let left = 0;
  const ask = (kind: Kind, answer: Sent | Promise<Sent> | (() => Sent | Promise<Sent>)) => {
    const send = async () => {
      left += 1;
      return typeof answer === 'function' ? answer() : answer;
    };
    return guard.ask({ kind, begins: kind === 'authorize', send, read });
  };
  return {
    guard,
    forward,
    ask,
    charge: (answer: Sent | Promise<Sent>) => ask('authorize', answer),
    left: () => left,
    charges: () => guard.health().charges,
    async fail(times: number, how: Sent = lost) {
      for (let n = 0; n < times; n++) await ask('authorize', how);
    },
  };
}

const never = new Promise<Sent>(() => {});
const otherKinds = ['capture', 'void', 'refund', 'cancel', 'inquire'] as const;

test('after five failures in a row nothing of a new charge leaves, and it was not taken', async () => {
  const { fail, charge, charges, left } = guarded();
  await fail(4);
  assert.equal(charges(), 'closed');
  await fail(1);
  assert.equal(charges(), 'open');
  const before = left();
  assert.deepEqual(await charge(approved), { kind: 'not_taken', why: 'charges_stopped', exchange });
  assert.equal(left(), before);
});

test('while charges are stopped, captures, voids, refunds, cancels and inquiries go through', async () => {
  const { fail, ask, charges } = guarded();
  await fail(5);
  for (const kind of otherKinds) assert.equal((await ask(kind, approved)).kind, 'accepted', kind);
  assert.equal(charges(), 'open');
});

test('failures of other kinds do not stop charges', async () => {
  const { ask, charges } = guarded({ retry: { most: 0 } });
  for (const kind of otherKinds) for (let n = 0; n < 20; n++) await ask(kind, lost);
  assert.equal(charges(), 'closed');
});

test('going on after a challenge is no new charge', async () => {
  const { fail, guard } = guarded();
  await fail(5);
  const send = async () => approved;
  assert.equal((await guard.ask({ kind: 'authorize', begins: false, send, read })).kind, 'accepted');
});

test('silence, errors, unreachable hosts and closed doors count as failures; declines and our own troubles do not', async () => {
  const locked: Sent = { kind: 'answered', status: 401, body: 'who are you', milliseconds: 1 };
  for (const how of [lost, failed, unreachable, locked]) {
    const { fail, charges } = guarded();
    await fail(5, how);
    assert.equal(charges(), 'open', JSON.stringify(how));
  }
  for (const how of [declined, vaultLost, vaultAway]) {
    const { fail, charges } = guarded();
    await fail(50, how);
    assert.equal(charges(), 'closed', JSON.stringify(how));
  }
});

test('more failures than successes stop charges too, though never five in a row', async () => {
  const { charge, charges } = guarded();
  for (let n = 0; n < 5; n++) {
    for (const answer of [lost, lost, lost, approved]) await charge(answer);
  }
  assert.equal(charges(), 'open');
});

test('after the pause one charge is let through to see, and all others are stopped until it is answered', async () => {
  const { fail, forward, charge, charges, left } = guarded();
  await fail(5);
  await forward(4_999);
  assert.equal(charges(), 'open');
  await forward(1);
  assert.equal(charges(), 'half_open');
  const answer = Promise.withResolvers<Sent>();
  const before = left();
  const trial = charge(answer.promise);
  const herd = await Promise.all(Array.from({ length: 50 }, () => charge(approved)));
  assert.ok(herd.every(({ kind }) => kind === 'not_taken'));
  assert.equal(left(), before + 1);
  assert.equal(charges(), 'open');
  answer.resolve(approved);
  assert.equal((await trial).kind, 'accepted');
  assert.equal(charges(), 'closed');
  assert.equal((await charge(approved)).kind, 'accepted');
});

test('each failed trial doubles the pause, up to the longest', async () => {
  const { fail, forward, charges } = guarded({ breaker: { longestPause: 15_000 } });
  await fail(5);
  for (const pause of [5_000, 10_000, 15_000, 15_000]) {
    await forward(pause - 1);
    assert.equal(charges(), 'open');
    await forward(1);
    assert.equal(charges(), 'half_open');
    await fail(1);
  }
});

test('a trial that never reached the provider has shown nothing: charges stay stopped', async () => {
  const { fail, forward, charges } = guarded();
  await fail(5);
  await forward(5_000);
  await fail(1, vaultAway);
  assert.equal(charges(), 'open');
});

test('what left before charges were stopped does not stop them again once they flow', async () => {
  const { fail, forward, charge, charges } = guarded();
  const old = Array.from({ length: 20 }, () => Promise.withResolvers<Sent>());
  const waiting = old.map(({ promise }) => charge(promise));
  await fail(5);
  await forward(5_000);
  await charge(approved);
  assert.equal(charges(), 'closed');
  for (const { resolve } of old) resolve(lost);
  await Promise.all(waiting);
  assert.equal(charges(), 'closed');
});

test('a provider that hangs is unknown at the deadline, and its charges are stopped', async () => {
  const { charge, forward, charges } = guarded();
  const hanging = Array.from({ length: 5 }, () => charge(never));
  await forward(9_999);
  assert.equal(charges(), 'closed');
  await forward(1);
  const expected = { kind: 'unknown', why: 'deadline', exchange };
  assert.deepEqual(
    await Promise.all(hanging),
    hanging.map(() => expected),
  );
  assert.equal(charges(), 'open');
});

test('hanging charges keep no refund and no inquiry waiting', async () => {
  const { charge, ask } = guarded();
  for (let n = 0; n < 200; n++) void charge(never);
  for (const kind of otherKinds) assert.equal((await ask(kind, approved)).kind, 'accepted', kind);
});

test('beyond those at once and those waiting, all others are turned away at once, and it was not taken', async () => {
  const { ask, left, charges } = guarded({ authorize: { atOnce: 3, waiting: 2 } });
  const first = Promise.withResolvers<Sent>();
  const under = Array.from({ length: 3 }, () => ask('authorize', first.promise));
  const waiting = Array.from({ length: 2 }, () => ask('authorize', approved));
  assert.deepEqual(await ask('authorize', approved), { kind: 'not_taken', why: 'crowded', exchange });
  assert.equal(left(), 3);
  first.resolve(approved);
  for (const { kind } of await Promise.all([...under, ...waiting])) assert.equal(kind, 'accepted');
  assert.equal(left(), 5);
  assert.equal(charges(), 'closed');
});

test('what waited for its turn until the deadline never leaves, and keeps its place from nobody', async () => {
  const { ask, left, forward } = guarded({ refund: { atOnce: 1, waiting: 5, deadline: 1_000 } });
  const first = Promise.withResolvers<Sent>();
  const hanging = ask('refund', first.promise);
  const waited = ask('refund', approved);
  await forward(1_000);
  assert.equal((await hanging).kind, 'unknown');
  assert.deepEqual(await waited, { kind: 'not_taken', why: 'crowded', exchange });
  // The first still occupies its connection, however long ago its caller stopped waiting.
  const third = ask('refund', approved);
  await forward(10);
  assert.equal(left(), 1);
  first.resolve(approved);
  assert.equal((await third).kind, 'accepted');
  assert.equal(left(), 2);
});

test('an inquiry that failed on its way is asked again after a while; a send never is', async () => {
  const { ask, forward, left } = guarded();
  const answers = [lost, unreachable, approved];
  const asked = ask('inquire', () => answers.shift() ?? lost);
  await forward(1_000);
  assert.equal((await asked).kind, 'accepted');
  assert.equal(left(), 3);
  for (const kind of ['authorize', 'capture', 'void', 'refund', 'cancel'] as const) await ask(kind, lost);
  assert.equal(left(), 8);
});

test('inquiries of a provider in trouble are repeated at most one in five', async () => {
  const { ask, forward, left } = guarded();
  for (let n = 0; n < 40; n++) {
    const asked = Array.from({ length: 25 }, () => ask('inquire', failed));
    await forward(1_000);
    await Promise.all(asked);
  }
  assert.ok(left() > 1_000, 'some were repeated');
  assert.ok(left() <= 1_200 + 5, `${left()} for 1000`);
});

test('an inquiry that hangs is not repeated: who hangs wants fewer questions', async () => {
  const { ask, forward, left } = guarded();
  const asked = ask('inquire', never);
  await forward(5_000);
  assert.equal((await asked).kind, 'unknown');
  assert.equal(left(), 1);
});

test('the success rate speaks of the last authorisations that got an answer', async () => {
  const { guard, charge, ask } = guarded();
  const rate = () => guard.health().successRate;
  assert.equal(rate(), null);
  await charge(lost);
  await ask('refund', declined);
  assert.equal(rate(), null);
  for (const answer of [approved, declined, approved, approved]) await charge(answer);
  assert.equal(rate(), 0.75);
  for (let n = 0; n < 50; n++) await charge(declined);
  assert.equal(rate(), 0);
});

test('limits are data: a part of them may be set, a wrong one is refused', () => {
  const set = limits.parse({ authorize: { deadline: 2_000 }, breaker: { inARow: 3 } });
  assert.deepEqual([set.authorize.deadline, set.authorize.atOnce, set.breaker.inARow], [2_000, 64, 3]);
  const { authorize, capture, refund, cancel, inquire, void: release } = limits.parse(undefined);
  const most = [authorize, capture, refund, cancel, inquire, release].reduce((sum, { atOnce }) => sum + atOnce, 0);
  assert.ok(most <= 256, 'more than the vault opens connections to one provider');
  for (const wrong of [{ authorise: {} }, { authorize: { deadline: 0 } }, { breaker: { share: 1 } }])
    assert.throws(() => limits.parse(wrong), { name: 'ZodError' });
});
