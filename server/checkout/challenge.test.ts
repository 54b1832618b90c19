import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Outcome } from '#server/providers/outcome.ts';
import { checkoutOnDatabase, type Given, openSession, press, secretIn } from './testing/given.ts';

let given: Given;
before(async () => {
  given = await checkoutOnDatabase();
});
after(() => given[Symbol.asyncDispose]());

const exchange = { status: 200, milliseconds: 1 };
const challenge = (url: string) => (): Outcome => ({ kind: 'challenged', url, exchange });
const notTaken = (): Outcome => ({ kind: 'not_taken', why: 'unavailable', exchange });

/** A session whose card's bank wants to see the shopper. */
async function challenged(url = 'https://bank.example/1') {
  const opened = await openSession(given);
  given.provider.next(challenge(url));
  const attempt = press();
  return { ...opened, attempt, standing: await given.checkout.confirm(opened.shopper, attempt) };
}

test('a bank is told where to return to without the secret that opens the checkout', async () => {
  const { session, standing } = await challenged();
  assert.deepEqual(standing, { kind: 'challenge', url: 'https://bank.example/1' });
  const { returnUrl } = given.provider.asked.at(-1) ?? {};
  assert.equal(returnUrl, `http://localhost:3000/checkout/${session.shownId}/return`);
  assert.ok(!returnUrl?.includes(secretIn(session.url).slice(-32)));
});

test('while the bank waits no other card is taken, and the same press sent again opens no second challenge', async () => {
  const { shopper, attempt, standing } = await challenged();
  const asked = given.provider.asked.length;
  assert.deepEqual(await given.checkout.confirm(shopper, attempt), standing);
  assert.deepEqual(await given.checkout.confirm(shopper, press()), standing);
  assert.equal(given.provider.asked.length, asked);
});

test('who is back from their bank hears at once what it said, and is charged once', async () => {
  const { shopper } = await challenged();
  given.provider.port.inquire = async (_, order) => given.provider.accept(order);
  const standings = await Promise.all([given.checkout.back(shopper), given.checkout.back(shopper)]);
  assert.ok(standings.some(({ kind }) => kind === 'paid'));
  assert.equal((await given.checkout.back(shopper)).kind, 'paid');
  assert.deepEqual(
    given.provider.asked.slice(-2).map(({ kind }) => kind),
    ['authorize', 'capture'],
  );
});

test('who would rather use another card is not charged, and the next card pays', async () => {
  const { shopper } = await challenged();
  const after = await given.checkout.giveUp(shopper);
  assert.ok(after.kind === 'open');
  assert.equal(after.declined?.group, 'bank_check');
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'paid');
});

test('an address that is no web page is never offered as a bank’s', async () => {
  const { standing } = await challenged('javascript:alert(1)');
  assert.deepEqual(standing, { kind: 'processing' });
});

test('where no bank can be reached the shopper reads until when it is tried, and takes no other card meanwhile', async () => {
  const { shopper } = await openSession(given);
  given.provider.next(notTaken);
  const standing = await given.checkout.confirm(shopper, press());
  assert.ok(standing.kind === 'queued');
  assert.ok(standing.until > given.clock.now());
  assert.equal(standing.email, 'ada@example.com');
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'queued');
});
