import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '#db/testing/database.ts';
import { asAdmin } from './databases.ts';
import { examined } from './examined.ts';
import { openShop } from './shop.ts';

test('an order whose requests are each sent twice is one order, paid once and sent once', async () => {
  const shop = await openShop({ databases: { make: () => testDatabase() } });
  const breaches: string[] = [];
  try {
    await Promise.all([shop.order(2), shop.order(2), shop.order(1)]);
    await shop.fulfilled(3);
    await shop.reopen();
    await shop.order(2);
    await shop.fulfilled(4);
    await shop.stop();
    const [made] = await asAdmin(
      shop.database.url('owner'),
      (sql) => sql<{ orders: number; captures: number; fulfilled: number }[]>`
        SELECT (SELECT count(*)::int FROM orders) AS orders,
          (SELECT count(*)::int FROM operations WHERE kind = 'capture') AS captures,
          (SELECT count(*)::int FROM orders WHERE state = 'fulfilled') AS fulfilled`,
    );
    assert.deepEqual({ ...made }, { orders: 4, captures: 4, fulfilled: 4 });
    assert.equal(shop.shipments(), 4);
    await examined({ say: () => {}, breaches }, shop.database);
    assert.deepEqual(breaches, []);
  } finally {
    await shop.stop();
    await shop.database.drop();
  }
});
