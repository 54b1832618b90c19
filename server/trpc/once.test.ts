import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import { claimAlone } from '#server/idempotency/keys.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { once } from './once.ts';
import { refusalIn } from './refused.ts';
import { type Console, givenConsole } from './testing/console.ts';

let desk: Console;
let caller: StaffCaller;

before(async () => {
  desk = await givenConsole();
  caller = await desk.rooms.staff.caller(await desk.seatOf('finance'));
});
after(() => desk?.end());

/** Stands for a verb: it claims the key with its change, as the mover does. */
function act(done: string[]) {
  return async (claim: Claim) => {
    const subject = { kind: 'refund', id: randomUUID() };
    await desk.owner.begin((tx) => claimAlone(tx as never, claim, subject, new Date()));
    done.push(claim.key);
  };
}

test('the same attempt, sent again, does nothing more', async () => {
  const done: string[] = [];
  const twice = { attempt: randomUUID(), says: ['refund', 'ch_1', 1250n] };
  await once(desk.contextOf(undefined), caller, twice, act(done));
  await once(desk.contextOf(undefined), caller, twice, act(done));
  assert.equal(done.length, 1);
});

test('another amount under the same attempt is refused', async () => {
  const done: string[] = [];
  const attempt = randomUUID();
  await once(desk.contextOf(undefined), caller, { attempt, says: ['refund', 'ch_1', 1250n] }, act(done));
  const other = once(desk.contextOf(undefined), caller, { attempt, says: ['refund', 'ch_1', 1251n] }, act(done));
  assert.equal(await other.catch((error) => refusalIn(error)?.code), 'idempotency_mismatch');
  assert.equal(done.length, 1);
});

test('one attempt at a time: while the first is at work the second is told to wait', async () => {
  const attempt = { attempt: randomUUID(), says: ['refund', 'ch_1', undefined] };
  let seen: unknown;
  await once(desk.contextOf(undefined), caller, attempt, async (claim) => {
    await act([])(claim);
    seen = await once(desk.contextOf(undefined), caller, attempt, act([])).catch((error) => refusalIn(error)?.code);
  });
  assert.equal(seen, 'idempotency_in_flight');
});

test('who was overtaken by its twin between question and act does nothing, and hears no "too late"', async () => {
  const attempt = { attempt: randomUUID(), says: ['refund', 'ch_1', undefined] };
  const done: string[] = [];
  await once(desk.contextOf(undefined), caller, attempt, async () => {
    await once(desk.contextOf(undefined), caller, attempt, act(done));
    throw new Refusal('already_refunded', 'This payment has already been refunded.');
  });
  assert.equal(done.length, 1);
});

test('an act that failed after its change is done, and is not done again', async () => {
  const attempt = { attempt: randomUUID(), says: ['refund', 'ch_1', undefined] };
  const done: string[] = [];
  const failed = once(desk.contextOf(undefined), caller, attempt, async (claim) => {
    await act(done)(claim);
    throw new Error('connection lost');
  });
  await assert.rejects(failed, { message: 'connection lost' });
  await once(desk.contextOf(undefined), caller, attempt, act(done));
  assert.equal(done.length, 1);
});
