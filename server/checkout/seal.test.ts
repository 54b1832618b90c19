import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeCheckout } from './make.ts';
import { checkoutOnDatabase, decline, type Given, ids, openSession, press } from './testing/given.ts';

let given: Given;
let owner: RawSql;
before(async () => {
  given = await checkoutOnDatabase();
  owner = openSql(given.database.url('owner'), { application: 'test', max: 1 });
});
after(async () => {
  await owner.end();
  await given[Symbol.asyncDispose]();
});

const changed = (error: unknown) => error instanceof Refusal && error.code === 'cart_changed';

/** What somebody with the owner's rights could write behind our back. */
const sessionChanges: Record<string, () => unknown> = {
  amount: () => 1n,
  currency: () => 'JPY',
  capture_method: () => 'manual',
  intent_id: () => ids(),
  success_url: () => 'https://evil.example/',
  cancel_url: () => 'https://evil.example/',
  client_reference_id: () => 'HG-2',
  customer_email: () => 'eve@example.com',
  metadata: () => ({ order: '2' }),
  expires_at: () => new Date(Date.now() + 20 * 3_600_000),
  created_at: () => new Date(Date.now() - 1000),
  seal_key: () => 'ffffffff',
  seal: () => '0'.repeat(64),
};
const itemChanges: Record<string, () => unknown> = {
  name: () => 'Gold mug',
  description: () => 'Solid',
  unit_amount: () => 1n,
  quantity: () => 2,
  id: () => ids(),
};

for (const [column, value] of Object.entries(sessionChanges)) {
  test(`a session whose ${column} was changed is shown as unpayable and refused before any provider is asked`, async () => {
    const { session, shopper } = await openSession(given);
    await owner`UPDATE checkout_sessions SET ${owner({ [column]: value() } as never)} WHERE id = ${session.id}`;
    await refused(shopper);
  });
}

for (const [column, value] of Object.entries(itemChanges)) {
  test(`a line whose ${column} was changed is refused before any provider is asked`, async () => {
    const { session, shopper } = await openSession(given);
    await owner`UPDATE checkout_line_items SET ${owner({ [column]: value() } as never)} WHERE session_id = ${session.id}`;
    await refused(shopper);
  });
}

test('a line added, or one taken away, is refused', async () => {
  const line = { name: 'A', unitAmount: 1n, quantity: 1 };
  const { session, shopper } = await openSession(given, { lineItems: [line, { ...line, name: 'B' }] });
  await owner`DELETE FROM checkout_line_items WHERE session_id = ${session.id} AND position = 1`;
  await refused(shopper);
  const second = await openSession(given);
  await owner`INSERT INTO checkout_line_items (session_id, position, id, merchant_id, name, unit_amount, quantity)
    VALUES (${second.session.id}, 1, ${ids()}, ${second.session.merchantId}, 'B', 0, 1)`;
  await refused(second.shopper);
});

test('the seal of one session is none for another', async () => {
  const [mine, other] = [await openSession(given), await openSession(given)];
  await owner`UPDATE checkout_sessions SET seal = (SELECT seal FROM checkout_sessions WHERE id = ${other.session.id})
    WHERE id = ${mine.session.id}`;
  await refused(mine.shopper);
});

test('between two attempts the cart is looked at again', async () => {
  const { session, shopper } = await openSession(given);
  given.provider.next(decline('generic_decline'));
  await given.checkout.confirm(shopper, press());
  await owner`UPDATE checkout_sessions SET amount = 1 WHERE id = ${session.id}`;
  await refused(shopper);
});

test('an intent that is not what the session sealed is refused', async () => {
  const { caller, session, shopper } = await openSession(given);
  const { intentId } = await storedSession(session.id);
  await given.payments.create(caller, { intentId, amount: 1n, currency: 'EUR' });
  const asked = given.provider.asked.length;
  await assert.rejects(given.checkout.confirm(shopper, press()), changed);
  assert.equal(given.provider.asked.length, asked);
});

test('a process with another key pays no session of this one', async () => {
  const { shopper } = await openSession(given);
  const stranger = makeCheckout({ ...given.seams, sealKey: new Secret(systemRandom(32)) });
  await assert.rejects(stranger.confirm(shopper, press()), changed);
});

async function refused(shopper: Awaited<ReturnType<typeof openSession>>['shopper']): Promise<void> {
  const asked = given.provider.asked.length;
  assert.equal((await given.checkout.view(shopper)).standing.kind, 'unpayable');
  await assert.rejects(given.checkout.confirm(shopper, press()), changed);
  await assert.rejects(given.checkout.grant(shopper));
  assert.equal(given.provider.asked.length, asked);
}

async function storedSession(id: string): Promise<{ intentId: string }> {
  const [row] = await owner`SELECT intent_id FROM checkout_sessions WHERE id = ${id}`;
  return { intentId: row?.intent_id };
}
