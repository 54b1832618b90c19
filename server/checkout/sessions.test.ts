import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Failpoint } from '#db/failpoints.ts';
import { makeTransact } from '#db/transaction.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { makeCheckout } from './make.ts';
import { readSessionId } from './session-id.ts';
import {
  cart,
  checkoutOnDatabase,
  claimOf,
  decline,
  type Given,
  ids,
  merchant,
  openSession,
  press,
  secretIn,
  silence,
} from './testing/given.ts';

let given: Given;
before(async () => {
  given = await checkoutOnDatabase();
});
after(() => given[Symbol.asyncDispose]());

const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected;
const hour = 3_600_000;

async function stored(merchantId: string): Promise<number> {
  const [row] = await given.web.sql<{ count: bigint }[]>`
    SELECT count(*) FROM checkout_sessions WHERE merchant_id = ${merchantId}`;
  return Number(row?.count);
}

test('the total is added up here, to the last unit, and every line keeps its own', async () => {
  const lineItems = [
    { name: 'Enamel mug', unitAmount: 1250n, quantity: 3 },
    { name: 'Gift wrap', unitAmount: 0n, quantity: 1 },
    { name: 'Pin', unitAmount: 99n, quantity: 101 },
  ];
  const { session } = await openSession(given, { lineItems });
  assert.equal(session.amount, 13_749n);
  assert.deepEqual(
    session.lineItems.map(({ amount }) => amount),
    [3750n, 0n, 9999n],
  );
});

test('a cart that is empty, free, too long or too dear is refused and leaves nothing behind', async () => {
  const caller = merchant();
  const line = { name: 'A', unitAmount: 1n, quantity: 1 };
  const carts = {
    invalid_input: [
      [],
      Array.from({ length: 101 }, () => line),
      [{ ...line, quantity: 0 }],
      [{ ...line, quantity: 1.5 }],
      [{ ...line, unitAmount: -1n }],
      [{ ...line, name: ' ' }],
    ],
    amount_too_small: [[{ ...line, unitAmount: 0n }]],
    amount_too_large: [[{ ...line, unitAmount: 50_000_000n, quantity: 2 }]],
  };
  for (const [expected, list] of Object.entries(carts)) {
    for (const lineItems of list) {
      await assert.rejects(given.checkout.createSession(caller, cart({ lineItems })), code(expected));
    }
  }
  assert.equal(await stored(caller.merchantId), 0);
});

test('URLs are absolute http(s) without a password; outside test mode https alone', async () => {
  const caller = merchant();
  const bad = [
    '/thanks',
    'shop.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://shop.example',
    'https://a:b@shop.example',
  ];
  for (const url of bad) {
    await assert.rejects(given.checkout.createSession(caller, cart({ successUrl: url })), code('invalid_input'), url);
    await assert.rejects(given.checkout.createSession(caller, cart({ cancelUrl: url })), code('invalid_input'), url);
  }
  await given.checkout.createSession(caller, cart({ successUrl: 'http://localhost:3000/thanks' }));
});

test('a session lasts 24 hours, or from 30 minutes to 24 hours as asked', async () => {
  const caller = merchant();
  const at = (ahead: number) => new Date(given.clock.now().getTime() + ahead);
  const usual = await given.checkout.createSession(caller, cart());
  assert.equal(usual.expiresAt.getTime() - usual.createdAt.getTime(), 24 * hour);
  await given.checkout.createSession(caller, cart({ expiresAt: at(hour / 2) }));
  for (const ahead of [-hour, hour / 3, 25 * hour, Number.NaN]) {
    await assert.rejects(given.checkout.createSession(caller, cart({ expiresAt: at(ahead) })), code('invalid_input'));
  }
});

test('only the whole secret opens a session, and the database holds its hash alone', async () => {
  const { session, shopper } = await openSession(given);
  const whole = secretIn(session.url);
  assert.equal(shopper.sessionId, session.id);
  assert.equal(readSessionId('test', session.shownId), session.id);
  assert.ok(whole.startsWith(session.shownId));
  const secret = whole.slice(session.shownId.length);
  assert.equal(Buffer.from(secret, 'base64url').length, 24);
  const other = await openSession(given);
  const wrong = [
    session.shownId,
    whole.slice(0, -1),
    `${whole}A`,
    `${session.shownId}${'A'.repeat(32)}`,
    `${session.shownId}${secretIn(other.session.url).slice(-32)}`,
    whole.replace('cs_test_', 'cs_live_'),
    `cs_test_${'0'.repeat(22)}${secret}`,
    '',
  ];
  for (const id of wrong) await assert.rejects(given.checkout.bySecret(id), code('not_found'), id);
  const [row] = await given.web.sql`SELECT to_jsonb(s)::text AS row FROM checkout_sessions s WHERE id = ${session.id}`;
  assert.ok(row && !row.row.includes(secret));
});

test('an open session tells its URL again; a closed one and a foreign merchant get none', async () => {
  const { caller, session } = await openSession(given);
  assert.equal((await given.checkout.session(caller, session.id)).url, session.url);
  await assert.rejects(given.checkout.session(merchant(), session.id), code('not_found'));
  await assert.rejects(given.checkout.expire(merchant(), session.id), code('not_found'));
  assert.equal((await given.checkout.expire(caller, session.id)).url, null);
});

test('one key makes one session: later and at the same time it is refused, and nothing is left of the second', async () => {
  const caller = merchant();
  const create = (key: string) => given.checkout.createSession(caller, cart({ claim: claimOf(caller, key) }));
  await create('first');
  await assert.rejects(create('first'), code('idempotency_in_flight'));
  const both = await Promise.allSettled(Array.from({ length: 8 }, () => create('second')));
  assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal(await stored(caller.merchantId), 2);
});

test('an expired session takes no money, and its unpaid intent is cancelled with it', async () => {
  const { caller, session, shopper } = await openSession(given);
  given.provider.next(decline('generic_decline'));
  await given.checkout.confirm(shopper, press());
  const asked = given.provider.asked.length;
  const closed = await given.checkout.expire(caller, session.id);
  assert.deepEqual([closed.status, closed.paymentStatus], ['expired', 'unpaid']);
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'expired');
  assert.equal(given.provider.asked.length, asked);
  assert.ok((await given.payments.intent(caller, closed.intentId ?? '')).canceledAt);
  await assert.rejects(given.checkout.expire(caller, session.id), code('session_expired'));
});

test('a process that dies between the end of the intent and that of its session has claimed the key, and is gone on from', async () => {
  const { caller, session, shopper } = await openSession(given);
  given.provider.next(decline('generic_decline'));
  await given.checkout.confirm(shopper, press());
  const claim = claimOf(caller, 'expire, and die');
  let ends = 0;
  const failpoint: Failpoint = (name) => {
    // Before the intent it only looks whether nobody has tried.
    if (name === 'checkout.close:begin' && ++ends === 2) throw new Error('dead');
  };
  const dying = makeCheckout({ ...given.seams, transact: makeTransact(given.web.sql, { failpoint }) });
  await assert.rejects(dying.expire(caller, session.id, claim), /dead/);
  assert.equal((await given.seams.keys.recall(claim)).kind, 'abandoned');
  const { status, paymentStatus } = await given.checkout.session(caller, session.id);
  assert.deepEqual([status, paymentStatus], ['expired', 'unpaid']);
});

test('a press after the end asks nobody, also before anyone has noticed that it is over', async () => {
  const { shopper } = await openSession(given);
  const asked = given.provider.asked.length;
  given.pass(25 * hour);
  const standing = await given.checkout.confirm(shopper, press());
  given.pass(-25 * hour);
  assert.equal(standing.kind, 'expired');
  assert.equal(given.provider.asked.length, asked);
});

test('a session that nobody tried expires without an intent and takes no later press; a paid one cannot expire', async () => {
  const { caller, session, shopper } = await openSession(given);
  const claim = claimOf(caller, 'expire');
  assert.equal((await given.checkout.expire(caller, session.id, claim)).intentId, null);
  const asked = given.provider.asked.length;
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'expired');
  assert.equal(given.provider.asked.length, asked);
  const paid = await openSession(given);
  await given.checkout.confirm(paid.shopper, press());
  await assert.rejects(given.checkout.expire(paid.caller, paid.session.id), code('session_complete'));
});

test('an attempt that has named its intent but not yet made it is stopped by expire', async () => {
  const { caller, session, shopper } = await openSession(given);
  let marked = () => {};
  const reached = new Promise<void>((resolve) => {
    marked = resolve;
  });
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const slow = {
    ...given.payments,
    async create(...args: Parameters<typeof given.payments.create>) {
      marked();
      await held;
      return given.payments.create(...args);
    },
  };
  const asked = given.provider.asked.length;
  const pressed = makeCheckout({ ...given.seams, payments: slow }).confirm(shopper, press());
  await reached;
  assert.equal((await given.checkout.expire(caller, session.id)).status, 'expired');
  go();
  assert.equal((await pressed).kind, 'expired');
  assert.equal(given.provider.asked.length, asked);
});

test('the sweep closes what is over: unpaid as expired, paid as complete, unanswered not at all', async () => {
  const unpaid = await openSession(given);
  const paid = await openSession(given);
  const waiting = await openSession(given);
  given.provider.next(silence);
  await given.checkout.confirm(waiting.shopper, press());
  await given.checkout.confirm(paid.shopper, press());
  // As if the process had died between the provider's answer and the closing.
  await given.web.sql`UPDATE checkout_sessions SET status = 'open', closed_at = NULL WHERE id = ${paid.session.id}`;
  given.pass(25 * hour);
  await given.checkout.sweep(100);
  const rows = await given.web.sql`SELECT id, status FROM checkout_sessions WHERE id IN ${given.web.sql([
    unpaid.session.id,
    paid.session.id,
    waiting.session.id,
  ])}`;
  const status = (id: string) => rows.find((row) => row.id === id)?.status;
  given.pass(-25 * hour);
  assert.deepEqual(
    [status(unpaid.session.id), status(paid.session.id), status(waiting.session.id)],
    ['expired', 'complete', 'open'],
  );
});

test('no process may change what was sealed, or take a line away', async () => {
  const { session } = await openSession(given);
  const denied = (error: unknown) => (error as { code?: string }).code === '42501';
  const { sql } = given.web;
  await assert.rejects(sql`UPDATE checkout_sessions SET amount = 1 WHERE id = ${session.id}`, denied);
  await assert.rejects(sql`UPDATE checkout_sessions SET expires_at = now() WHERE id = ${session.id}`, denied);
  await assert.rejects(sql`DELETE FROM checkout_sessions WHERE id = ${session.id}`, denied);
  await assert.rejects(sql`UPDATE checkout_line_items SET unit_amount = 1 WHERE session_id = ${session.id}`, denied);
  await assert.rejects(sql`DELETE FROM checkout_line_items WHERE session_id = ${session.id}`, denied);
});

test('a staff role that may not void may not expire', async () => {
  const { caller, session } = await openSession(given);
  const support = {
    kind: 'staff',
    merchantId: caller.merchantId,
    staffId: ids(),
    name: 'Sam',
    role: 'support',
  } as const;
  await assert.rejects(given.checkout.expire(support, session.id), code('forbidden'));
});
