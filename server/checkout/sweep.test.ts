import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Payments } from '#server/payments/payments.ts';
import { makeCheckout } from './make.ts';
import { checkoutOnDatabase, type Given, openSession, press, silence } from './testing/given.ts';

let given: Given;
before(async () => {
  given = await checkoutOnDatabase();
});
after(() => given[Symbol.asyncDispose]());

const day = 25 * 3_600_000;

/** The checkout of another process, which stops before it asks the payments room for this, until it is let go on. */
function stoppingAt(verb: 'confirm' | 'cancel') {
  const reached = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const payments: Payments = {
    ...given.payments,
    async [verb](...args: [never, never]) {
      reached.resolve();
      await release.promise;
      return given.payments[verb](...args);
    },
  };
  const checkout = makeCheckout({ ...given.seams, payments });
  return { checkout, reached: reached.promise, release: release.resolve };
}

async function row(id: string) {
  const [found] = await given.web.sql`SELECT status FROM checkout_sessions WHERE id = ${id}`;
  return found?.status;
}

/** Somebody wants to close a session and finds it free; before it can, a press that was under way is told "paid". */
async function paidMeanwhile(close: (checkout: Given['checkout'], opened: Opened) => Promise<unknown>) {
  const opened = await openSession(given, { captureMethod: 'manual' });
  const shop = stoppingAt('confirm');
  const pressed = shop.checkout.confirm(opened.shopper, press());
  await shop.reached;
  const closer = stoppingAt('cancel');
  const closing = close(closer.checkout, opened);
  await closer.reached;
  shop.release();
  assert.equal((await pressed).kind, 'paid');
  closer.release();
  const result = await closing;
  const { payment } = await given.payments.intent(opened.caller, await intentOf(opened));
  return { result, state: payment?.state, status: await row(opened.session.id) };
}

type Opened = Awaited<ReturnType<typeof openSession>>;

async function intentOf({ caller, session }: Opened): Promise<string> {
  return (await given.checkout.session(caller, session.id)).intentId ?? '';
}

test('a press held across the end of its session and then told "paid" is not undone by the clock', async () => {
  const look = async (checkout: Given['checkout'], { shopper }: Opened) => {
    given.pass(day);
    return (await checkout.status(shopper)).kind;
  };
  const found = await paidMeanwhile(look);
  given.pass(-day);
  assert.deepEqual(found, { result: 'paid', state: 'authorized', status: 'complete' });
});

test('nor by a merchant that expires the session at that moment', async () => {
  const expire = (checkout: Given['checkout'], { caller, session }: Opened) =>
    checkout.expire(caller, session.id).catch((no: unknown) => (no instanceof Refusal ? no.code : no));
  const found = await paidMeanwhile(expire);
  assert.deepEqual(found, { result: 'session_complete', state: 'authorized', status: 'complete' });
});

test('sessions that wait for an answer do not keep those behind them open, however many they are', async () => {
  for (let n = 0; n < 12; n++) {
    given.provider.next(silence);
    await given.checkout.confirm((await openSession(given)).shopper, press());
  }
  const behind = [await openSession(given), await openSession(given)];
  const status = () => Promise.all(behind.map(({ session }) => row(session.id)));
  given.pass(day);
  const { sweep } = makeCheckout(given.seams);
  assert.equal(await sweep(3), 2, 'looks behind the waiting ones in one run');
  assert.deepEqual(await status(), ['expired', 'expired']);
  given.pass(-day);
});

test('a run looks at so many sessions and no more, and the next begins where it left off', async () => {
  const last = await openSession(given);
  given.pass(day);
  const { sweep } = makeCheckout(given.seams);
  assert.deepEqual([await sweep(1), await row(last.session.id)], [0, 'open'], 'twelve are waiting, ten are looked at');
  assert.deepEqual([await sweep(1), await row(last.session.id)], [1, 'expired']);
  given.pass(-day);
});

test('a run closes as many as it may and no more', async () => {
  for (let n = 0; n < 3; n++) await openSession(given);
  given.pass(day);
  const { sweep } = makeCheckout(given.seams);
  assert.deepEqual([await sweep(2), await sweep(2), await sweep(2)], [2, 1, 0]);
  given.pass(-day);
});
