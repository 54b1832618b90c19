import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Connections, openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeRouting } from './routing.ts';
import { addRule, countRules } from './rules.ts';

const ids = uuidv7({ now: systemClock.now, random: systemRandom });
let database: TestDatabase;
let owner: Connections;
let api: Connections;

before(async () => {
  database = await testDatabase();
  owner = openDatabase({ url: database.url('owner'), application: 'test' });
  api = openDatabase({ url: database.url('api'), application: 'test' });
});
after(async () => {
  await Promise.all([owner.close(), api.close()]);
  await database.drop();
});

const health = ['alder', 'birch'].map((name) => ({ name, charges: 'closed' as const, successRate: null }));

test('a merchant’s rules are read under the process’s own role, kept for a while, and are nobody else’s', async () => {
  let now = Date.now();
  const clock = { ...systemClock, now: () => new Date(now) };
  const offers = [
    { name: 'alder', feeBasisPoints: 200, feeFixed: 0 },
    { name: 'birch', feeBasisPoints: 100, feeFixed: 0 },
  ];
  const routing = makeRouting({ sql: api.sql, clock, offers });
  const merchantId = ids();
  const first = async (id = merchantId) => {
    const wish = { merchantId: id, payment: ids(), amount: 1_000n, currency: 'EUR' as const, brand: 'visa' };
    return (await routing.plan(wish, health)).providers[0];
  };
  assert.equal(await first(), 'alder');
  const conditions = { currencies: ['EUR'], amount: { from: '1000' } };
  await addRule(owner.sql, { clock, ids }, { merchantId, rule: { position: 1, conditions, choice: { by: 'cost' } } });
  assert.equal(await countRules(owner.sql, merchantId), 1);
  assert.equal(await first(), 'alder');
  now += 5_000;
  assert.equal(await first(), 'birch');
  assert.equal(await first(ids()), 'alder');
});

test('a provider that was never set up here takes every currency, and one that is gone is not planned', async () => {
  const routing = makeRouting({ sql: api.sql, clock: systemClock, offers: [] });
  const wish = { merchantId: ids(), payment: ids(), amount: 1_000n, currency: 'JPY' as const, brand: 'visa' };
  assert.deepEqual((await routing.plan(wish, health)).providers, ['alder', 'birch']);
});
