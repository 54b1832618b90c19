import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { TRPCError } from '@trpc/server';
import type { Role } from '#server/auth/caller.ts';
import { may, permissions, roles } from '#server/auth/permissions.ts';
import { refusalIn } from './refused.ts';
import { appRouter } from './root.ts';
import { type Console, givenConsole } from './testing/console.ts';
import type { Rule } from './trpc.ts';

let desk: Console;

before(async () => {
  desk = await givenConsole();
});
after(() => desk?.end());

const code = (error: unknown) => refusalIn(error)?.code;
const told = (call: Promise<unknown>) => call.then(() => 'done', code);

/** Procedures of a router whose rule is none of the known ones. */
function ruleless(procedures: Record<string, { _def: { meta?: Partial<Rule> } }>): string[] {
  const known: readonly (string | undefined)[] = [...permissions, 'shopper'];
  return Object.entries(procedures).flatMap(([path, { _def }]) => (known.includes(_def.meta?.rule) ? [] : [path]));
}

test('every procedure says who may call it', () => {
  const procedures = appRouter._def.procedures as unknown as Parameters<typeof ruleless>[0];
  assert.ok(Object.keys(procedures).length >= 10, 'the router was not read');
  assert.deepEqual(ruleless(procedures), []);
});

test('a procedure without a rule would be found', () => {
  const open = { _def: {} };
  const odd = { _def: { meta: { rule: 'everybody' as never } } };
  assert.deepEqual(ruleless({ 'payment.open': open, 'payment.odd': odd }), ['payment.open', 'payment.odd']);
});

/** One call of each procedure that moves money, on a payment that does not exist. */
const attempt = randomUUID();
const nowhere = 'ch_0000000000000000000001';
const moves = {
  'payments:capture': (call: ReturnType<Console['callAs']>) => call.payment.capture({ id: nowhere, attempt }),
  'payments:void': (call: ReturnType<Console['callAs']>) =>
    call.payment.void({ id: nowhere, attempt, reason: 'duplicate' }),
  'payments:review': (call: ReturnType<Console['callAs']>) =>
    call.payment.review({ id: nowhere, attempt, verdict: 'reject' }),
  'escalations:close': (call: ReturnType<Console['callAs']>) =>
    call.escalations.confirm({ id: 'esc_0000000000000000000001', attempt, proposedAt: new Date() }),
  'payments:refund': (call: ReturnType<Console['callAs']>) =>
    call.payment.refund({ id: nowhere, attempt, reason: 'duplicate' }),
} as const;

const roleNames = Object.keys(roles) as Role[];

for (const role of roleNames) {
  for (const [permission, move] of Object.entries(moves) as [
    keyof typeof moves,
    (typeof moves)[keyof typeof moves],
  ][]) {
    const allowed = may(role, permission);
    test(`${role} ${allowed ? 'gets as far as the payment with' : 'is refused'} ${permission}`, async () => {
      const call = desk.callAs(await desk.seatOf(role));
      assert.equal(await told(move(call)), allowed ? 'not_found' : 'forbidden');
    });
  }
}

test('the matrix is not all yes: support may move nothing, finance may not capture or void', () => {
  const allowed = (role: 'finance' | 'support') =>
    Object.keys(moves).filter((permission) => may(role, permission as never));
  assert.deepEqual(
    [allowed('support'), allowed('finance')],
    [[], ['payments:review', 'escalations:close', 'payments:refund']],
  );
});

test('nobody, a made-up seat and a seat that was given up are told to sign in', async () => {
  const seat = await desk.seatOf('owner');
  await desk.callAs(seat).seat.me();
  await desk.rooms.staff.signOut(seat);
  for (const one of [undefined, 'made-up', seat]) {
    assert.equal(await told(desk.callAs(one).payments.page({ filter: {} })), 'unauthenticated');
  }
});

test('a role that is taken away counts from the next call', async () => {
  const call = desk.callAs(await desk.seatOf('finance', 'other'));
  assert.equal(await told(moves['payments:refund'](call)), 'not_found');
  await desk.owner`UPDATE staff SET role = 'support' WHERE email = 'finance@other.test'`;
  assert.equal(await told(moves['payments:refund'](call)), 'forbidden');
});

test("another merchant's payment is as unknown as none", async () => {
  const theirs = await desk.payment('other');
  const ours = await desk.payment('harbour');
  const call = desk.callAs(await desk.seatOf('owner'));
  assert.equal(await told(call.payment.view({ id: theirs })), 'not_found');
  assert.equal(
    await told(call.payment.refund({ id: theirs, attempt: randomUUID(), reason: 'duplicate' })),
    'not_found',
  );
  assert.equal((await call.payment.view({ id: ours })).payment.amount, 4000n);
  await desk.listed();
  const { rows } = await call.payments.page({ filter: {} });
  assert.deepEqual(
    rows.map(({ id }) => id),
    [ours],
  );
});

test('a malformed id is told as bad input, not as a failure of ours', async () => {
  const call = desk.callAs(await desk.seatOf('owner'));
  const status = call.payment.view({ id: 'ch_%27' }).catch((error: TRPCError) => error.code);
  assert.equal(await status, 'BAD_REQUEST');
});
