import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import type { Caller } from '#server/auth/caller.ts';
import { showId } from '#server/kernel/id.ts';
import { list, type Page } from './list.ts';
import type { Depths } from './listing/reach.ts';
import type { PaymentFilter, PaymentRow } from './view.ts';

const merchantId = '01950000-0000-7000-8000-000000000001';
const stranger = '01950000-0000-7000-8000-000000000002';
const caller = (id = merchantId): Caller => ({ kind: 'workload', merchantId: id, name: 'test' });

/** More than is looked through for one page, whichever way is taken. */
const many = 2_000;
const depths: Depths = {
  rows: 60,
  entries: 600,
  few: 40,
  glance: 50,
  texts: 400,
  lookedUp: 100,
  sample: 9,
  sampled: 3,
};

let database: TestDatabase;
let owner: RawSql;
let web: RawSql;
let all: PaymentRow[];
before(async () => {
  database = await testDatabase();
  owner = openSql(database.url('owner'), { application: 'test', max: 1, settings: { statement_timeout: 0 } });
  web = openSql(database.url('web'), { application: 'test web', max: 4 });
  await fill();
  all = (await pages({})).rows;
});
after(async () => {
  await Promise.all([owner.end(), web.end()]);
  await database.drop();
});

/** One a second: nearly all captured, every 97th failed, every 313th voided; a few have no provider. */
async function fill(): Promise<void> {
  await owner`
    INSERT INTO payment_rows (id, merchant_id, intent_id, version, state, amount, captured, refunded, currency,
      card_brand, card_last4, card_exp_month, card_exp_year, provider, reference, receipt_email, created_at)
    SELECT uuidv7(at - clock_timestamp()), CASE WHEN i % 50 = 0 THEN ${stranger}::uuid ELSE ${merchantId}::uuid END,
      uuidv7(at - clock_timestamp()), 1,
      CASE WHEN i % 313 = 0 THEN 'voided' WHEN i % 97 = 0 THEN 'failed' WHEN i % 211 = 0 THEN 'initiated'
        ELSE 'captured' END,
      CASE WHEN i % 401 = 0 THEN 77777 ELSE 1000 + i % 250 END, 0, 0, CASE WHEN i % 301 = 0 THEN 'JPY' ELSE 'EUR' END,
      'visa', CASE WHEN i % 7 = 0 THEN '4242' ELSE lpad((i % 100)::text, 4, '0') END, 12, 2031,
      CASE WHEN i % 211 = 0 THEN NULL WHEN i % 5 = 0 THEN 'birch' ELSE 'alder' END,
      CASE WHEN i < 100 THEN 'WINTER-' || i ELSE 'HG_' || lpad(i::text, 6, '0') END,
      CASE WHEN i % 3 = 0 THEN 'Ada.' || i % 40 || '@Example.test' END, at
    FROM (SELECT i, '2026-01-01Z'::timestamptz + i * interval '1 second' AS at FROM generate_series(1, ${many}::int) i)`;
  const rows = await owner<{ id: string; merchant_id: string; intent_id: string }[]>`
    SELECT id, merchant_id, intent_id FROM payment_rows`;
  await owner`
    INSERT INTO payment_texts
    SELECT merchant_id, id, lower(concat_ws(E'\\n', reference, receipt_email)) FROM payment_rows`;
  await owner`
    INSERT INTO payment_ids SELECT m, reverse(lower(shown)), id
    FROM unnest(${[...rows, ...rows].map((row) => row.merchant_id)}::uuid[],
      ${[...rows, ...rows].map(({ id }) => id)}::uuid[],
      ${[...rows.map((row) => showId('intent', row.intent_id)), ...rows.map(({ id }) => showId('payment', id))]}::text[])
      AS own (m, id, shown)`;
  await owner`
    INSERT INTO payment_facets SELECT DISTINCT merchant_id, currency, coalesce(provider, '') FROM payment_rows
    UNION SELECT DISTINCT merchant_id, currency, '' FROM payment_rows`;
  await owner`ANALYZE`;
}

/** All pages, one after the other, and how many of them there were. */
async function pages(filter: PaymentFilter, { limit = 100, id = merchantId, sampled = depths.sampled } = {}) {
  const rows: PaymentRow[] = [];
  let [count, halts, next]: [number, number, string | null | undefined] = [0, 0, undefined];
  let as: Pick<Page, 'searchedAs'> = {};
  while (next !== null) {
    const asked = { filter, limit, ...(next === undefined ? {} : { after: next }), ...as };
    const page = await list(web, caller(id), asked, { ...depths, sampled });
    assert.ok(page.rows.length <= limit);
    assert.equal(page.searchedTo !== null, page.next !== null && page.rows.length < limit, 'says where it stopped');
    rows.push(...page.rows);
    count += 1;
    assert.ok(count < 200, 'pages come to an end');
    halts += page.searchedTo === null ? 0 : 1;
    next = page.next;
    as = page.searchedAs ? { searchedAs: page.searchedAs } : {};
  }
  return { rows, count, halts };
}

/** What the filter means, in words of the rows. */
function fitting({ search: _, ...filter }: PaymentFilter, rows = all): string[] {
  const { states, currency, provider, amountFrom = 0n, amountTo = 10n ** 9n, createdFrom, createdTo, last4 } = filter;
  return rows
    .filter((row) => !states || states.includes(row.state))
    .filter((row) => !currency || row.currency === currency)
    .filter((row) => !provider || row.provider === provider)
    .filter((row) => row.amount >= amountFrom && row.amount <= amountTo)
    .filter((row) => !createdFrom || row.createdAt >= createdFrom)
    .filter((row) => !createdTo || row.createdAt <= createdTo)
    .filter((row) => !last4 || row.card?.last4 === last4)
    .map(({ id }) => id);
}

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000);
const idsOf = ({ rows }: { rows: PaymentRow[] }) => rows.map(({ id }) => id);

test('all pages together are the merchant’s payments, newest first, each once', async () => {
  const [row] = await owner<{ ids: string[] }[]>`
    SELECT array_agg(id ORDER BY id DESC) AS ids FROM payment_rows WHERE merchant_id = ${merchantId}`;
  assert.deepEqual(
    all.map(({ id }) => id),
    row?.ids,
  );
});

const filters: PaymentFilter[] = [
  { states: ['voided'] },
  { states: ['failed', 'initiated', 'failed'] },
  { states: ['authorized'] },
  { currency: 'JPY' },
  { currency: 'GBP' },
  { provider: 'birch' },
  { provider: 'cedar' },
  { states: ['failed'], currency: 'JPY', provider: 'birch' },
  { amountFrom: 77_777n, amountTo: 77_777n },
  { amountFrom: 77_777n, amountTo: 77_777n, currency: 'EUR', states: ['captured'] },
  { amountFrom: 1_000n, amountTo: 1_100n },
  { amountTo: 5n },
  { amountFrom: 1_000n, amountTo: 1_200n, states: ['voided'] },
  { amountFrom: 1_100n, states: ['captured'], provider: 'birch', createdTo: at(1_500) },
  { last4: '4242' },
  { last4: '4242', states: ['voided'] },
  { last4: '0023', provider: 'birch', amountTo: 1_200n },
  { createdFrom: at(500), createdTo: at(559) },
  { createdFrom: at(1_000), createdTo: at(1_499), states: ['failed'], provider: 'birch' },
  { createdFrom: at(many + 100) },
];

for (const filter of filters) {
  const words = JSON.stringify(filter, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
  test(`exactly what fits is listed, over all pages: ${words}`, async () => {
    assert.deepEqual(idsOf(await pages(filter, { limit: 37 })), fitting(filter));
  });
}

test('what a few filters make rare together is looked for a bounded way, and the page says how far', async () => {
  // An amount that was common once, and is not any more.
  await owner`UPDATE payment_rows SET amount = 5 WHERE created_at < ${at(600)} AND created_at > ${at(200)}`;
  const filter: PaymentFilter = { amountFrom: 5n, amountTo: 5n, states: ['captured'] };
  const first = await list(web, caller(), { filter, limit: 50 }, depths);
  assert.equal(first.rows.length, 0);
  assert.ok(first.next && first.searchedTo && first.searchedTo > at(599));
  const { rows, halts } = await pages(filter, { limit: 50 });
  assert.ok(halts > 0);
  assert.equal(rows.length, fitting({ states: ['captured'], createdFrom: at(201), createdTo: at(599) }).length);
});

test('a fragment of three characters or more finds all in whose texts it stands, in either case', async () => {
  const [row] = all.slice(1_000);
  assert.ok(row?.reference);
  const part = row.reference.slice(1, -1).toLowerCase();
  const found = idsOf(await pages({ search: part }));
  assert.deepEqual(
    found,
    all.filter(({ reference }) => reference?.toLowerCase().includes(part)).map(({ id }) => id),
  );
  assert.ok(found.includes(row.id));
  for (const id of [showId('intent', row.intentId), showId('payment', row.id)]) {
    assert.deepEqual(idsOf(await pages({ search: id })), [row.id]);
    assert.deepEqual(idsOf(await pages({ search: id.slice(-9) })), [row.id], 'the end of an id is enough');
  }
});

test('common, rare, old and impossible fragments are found, whichever way is taken', async () => {
  const having = (part: string, filter: PaymentFilter = {}) => {
    const fit = new Set(fitting(filter));
    const texts = ({ reference, receiptEmail }: PaymentRow) => `${reference}\n${receiptEmail}`.toLowerCase();
    return all.filter((row) => fit.has(row.id) && texts(row).includes(part.toLowerCase())).map(({ id }) => id);
  };
  for (const part of [
    'hg_0',
    'inter-1',
    'Winter',
    '@EXAMPLE',
    'ada.7@',
    'test\nhg',
    '_03',
    '%',
    '\\',
    '.1@e',
    'ter-19',
  ]) {
    for (const sampled of [3, -1]) {
      const { rows } = await pages({ search: part }, { sampled });
      assert.deepEqual(
        rows.map(({ id }) => id),
        part.length < 3 ? [] : having(part),
        part,
      );
    }
  }
  for (const filter of [{ states: ['failed' as const] }, { createdTo: at(150), provider: 'birch' }]) {
    for (const search of ['winter', 'ada.2', 'hg_0019']) {
      assert.deepEqual(idsOf(await pages({ ...filter, search })), having(search, filter), search);
    }
  }
});

test('a whole reference or address finds just that, however short, and not what contains it', async () => {
  await owner`UPDATE payment_rows SET reference = 'A' WHERE id = ${all[5]?.id ?? ''}`;
  assert.deepEqual(idsOf(await pages({ search: ' A ' })), [all[5]?.id]);
  const { rows } = await pages({ search: 'ADA.3@example.test' });
  assert.ok(rows.length > 10 && rows.every(({ receiptEmail }) => receiptEmail === 'Ada.3@Example.test'));
  assert.deepEqual(
    idsOf(await pages({ search: 'WINTER-1' })),
    all.filter(({ reference }) => reference === 'WINTER-1').map(({ id }) => id),
  );
});

test('nothing of another merchant’s is found by any of it', async () => {
  const theirs = (await pages({}, { id: stranger })).rows;
  assert.equal(theirs.length, many / 50);
  const [row] = theirs;
  assert.ok(row?.reference);
  for (const search of [
    row.reference,
    row.reference.slice(1),
    showId('payment', row.id),
    showId('intent', row.intentId),
  ]) {
    assert.deepEqual(await list(web, caller(), { filter: { search }, limit: 10 }), {
      rows: [],
      next: null,
      searchedTo: null,
      searchedAs: search === row.reference.slice(1) || search === row.reference ? 'part' : 'whole',
      endsLeftOut: false,
    });
  }
});

test('characters that are two of JavaScript’s are one of a fragment', async () => {
  const oldest = all.at(-1)?.id ?? '';
  await owner`UPDATE payment_texts SET text = 'päckchen 😀😀 order' WHERE payment_id = ${oldest}`;
  for (const search of ['😀😀', '😀 or', '😀 order', 'n 😀😀 o', '😀😀 order']) {
    assert.deepEqual(idsOf(await pages({ search })), [oldest], search);
  }
  assert.deepEqual(idsOf(await pages({ search: '😀😀😀😀' })), []);
});
