import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase, openSql, type RawSql } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { makeTransact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { balances } from './balances.ts';
import { entries } from './entries.ts';
import { snapshot } from './snapshot.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 2, 1);

let database: TestDatabase;
let owner: RawSql;
let worker: ReturnType<typeof openDatabase>;
before(async () => {
  database = await testDatabase();
  owner = openSql(database.url('owner'), { application: 'test', max: 1 });
  worker = openDatabase({ url: database.url('worker'), application: 'test' });
});
after(async () => {
  await Promise.all([owner.end(), worker.close()]);
  await database.drop();
});

let now = start;
const idAt = uuidv7({ now: () => new Date(now), random: systemRandom });

/** A capture and its fee, posted at a moment past the guards; amounts in minor units. */
async function posted(merchantId: string, at: number, amount: number, provider = 'alder') {
  now = at;
  const paymentId = idAt();
  const of = { merchant_id: merchantId, payment_id: paymentId, seq: 6, currency: 'EUR', provider, at: new Date(at) };
  const event = {
    from_state: 'capture_pending',
    trigger: 'capture',
    to_state: 'captured',
    cause: 'answer',
    actor_kind: 'provider',
    actor_id: provider,
  };
  await owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`INSERT INTO events ${tx({ ...event, id: idAt(), payment_id: paymentId, seq: 6, merchant_id: merchantId, data: tx.json({}), at: of.at })}`;
    await tx`INSERT INTO postings ${tx([
      { ...of, id: idAt(), kind: 'capture', debit: 'receivable', credit: 'merchant_payable', amount },
      { ...of, id: idAt(), kind: 'fee', debit: 'fees', credit: 'receivable', amount: 3 },
    ])}`;
  });
}

const at = (merchantId: string, moment: number) =>
  balances(worker.sql, { merchantId, at: new Date(moment) }).then((rows) =>
    Object.fromEntries(rows.map(({ provider, account, balance }) => [`${provider} ${account}`, balance])),
  );

function seams(moment: number) {
  const clock = { ...systemClock, now: () => new Date(moment) };
  return { sql: worker.sql, transact: makeTransact(worker.sql), clock };
}

test('balances at any moment are the same with snapshots and without, and of this merchant alone', async () => {
  const [merchant, other] = [idAt(), idAt()];
  for (let n = 0; n < 6; n++) await posted(merchant, start + n * 10 * hour, 100 + n, n % 2 ? 'birch' : 'alder');
  await posted(other, start + 5 * hour, 7_000);
  const moments = Array.from({ length: 30 }, (_, n) => start - hour + n * 2.5 * hour);
  const without = await Promise.all(moments.map((moment) => at(merchant, moment)));
  assert.deepEqual(without[0], {});
  assert.deepEqual(without.at(-1), {
    'alder fees': 9n,
    'alder merchant_payable': -306n,
    'alder receivable': 297n,
    'birch fees': 9n,
    'birch merchant_payable': -309n,
    'birch receivable': 300n,
  });
  assert.equal(await snapshot(seams(start + 3 * day), 100), 2, 'the third day is over, and not for long enough');
  assert.equal(await snapshot(seams(start + 3 * day + hour), 100), 1);
  assert.deepEqual(await Promise.all(moments.map((moment) => at(merchant, moment))), without);
});

test('a day is added up once; of the last two, what came late is added, too', async () => {
  const merchant = idAt();
  assert.equal(await snapshot(seams(start + 3 * day + hour), 100), 0);
  await posted(merchant, start + 2 * day + hour, 500);
  assert.deepEqual(await at(merchant, start + 3 * day), {}, 'not in the snapshot, and before what came since');
  await snapshot(seams(start + 4 * day + hour), 100);
  assert.deepEqual(await at(merchant, start + 3 * day), {
    'alder fees': 3n,
    'alder merchant_payable': -500n,
    'alder receivable': 497n,
  });
});

test('what was missed while no worker ran is made up for, at most so much at a time', async () => {
  assert.equal(await snapshot(seams(start + 10 * day + hour), 3), 3);
  assert.equal(await snapshot(seams(start + 10 * day + hour), 100), 3);
});

test('postings of an account come newest first, page by page, with their causes', async () => {
  const merchant = idAt();
  for (let n = 0; n < 7; n++) await posted(merchant, start + 20 * day + n * hour, 100 + n);
  const asked = {
    merchantId: merchant,
    account: 'merchant_payable',
    to: new Date(start + 21 * day),
    limit: 3,
  } as const;
  const amounts: bigint[] = [];
  let after: string | null = null;
  do {
    const page = await entries(worker.sql, { ...asked, ...(after && { after }) }, new Date());
    amounts.push(...page.entries.map(({ amount }) => amount));
    after = page.after;
  } while (after);
  assert.deepEqual(amounts, [106n, 105n, 104n, 103n, 102n, 101n, 100n]);
  const { entries: fees } = await entries(worker.sql, { ...asked, account: 'fees', limit: 100 }, new Date());
  assert.equal(fees.length, 7);
  const { kind, debit, trigger, cause, actor } = fees[0] ?? {};
  assert.deepEqual(
    { kind, debit, trigger, cause, actor },
    {
      kind: 'fee',
      debit: 'fees',
      trigger: 'capture',
      cause: 'answer',
      actor: { kind: 'provider', id: 'alder' },
    },
  );
});

test('postings of a span are those of its moments, the first one included', async () => {
  const merchant = idAt();
  for (let n = 0; n < 5; n++) await posted(merchant, start + 30 * day + n * hour, 100 + n);
  const [from, to] = [new Date(start + 30 * day + hour), new Date(start + 30 * day + 3 * hour)];
  const { entries: found } = await entries(
    worker.sql,
    { merchantId: merchant, account: 'merchant_payable', from, to },
    to,
  );
  assert.deepEqual(
    found.map(({ amount }) => amount),
    [102n, 101n],
  );
  const none = await entries(worker.sql, { merchantId: idAt(), from, to }, to);
  assert.deepEqual(none, { entries: [], after: null });
});
