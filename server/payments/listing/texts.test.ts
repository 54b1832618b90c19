import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Depths, usual } from './reach.ts';
import { givenList, idOf, lookAt, merchantId } from './testing/given.ts';
import { byFragment } from './texts.ts';

/** Whatever the sample has of it, a fragment is taken for rare. */
const depths: Depths = { ...usual, glance: 50, texts: 200, lookedUp: 100, sampled: 3_000 };
const many = 3_000;
const half = many / 2;

let listed: Awaited<ReturnType<typeof givenList>>;
before(async () => {
  listed = await givenList();
  const reference = (second: number) => `${second < half ? 'before' : 'after'}-${String(second).padStart(6, '0')}`;
  await listed.fill(Array.from({ length: many }, (_, second) => ({ id: idOf(second), reference: reference(second) })));
});
after(() => listed.end());

/** Texts that were fetched from the table so far. */
async function fetched(): Promise<number> {
  await listed.web`SELECT pg_stat_force_next_flush()`;
  const [row] = await listed.owner<{ n: number }[]>`
    SELECT (seq_tup_read + idx_tup_fetch)::int AS n FROM pg_stat_user_tables WHERE relname = 'payment_texts'`;
  return row?.n ?? Number.NaN;
}

test('a fragment that is taken for rare, and was common once, costs a bounded look, which says how far it went', async () => {
  const found: string[] = [];
  let pages = 0;
  for (let below: string | undefined; ; pages += 1) {
    const was = await fetched();
    const reach = await byFragment(listed.web, 'before-', lookAt({ depths, ...(below && { below }) }));
    // Each walk goes over its texts a second time, for where it ends.
    const bound = 2 * (depths.glance + depths.texts) + depths.lookedUp + 1;
    assert.ok((await fetched()) - was <= bound + 20, `${(await fetched()) - was} texts`);
    found.push(...reach.ids);
    below = reach.lookedTo ?? reach.ids.at(-1);
    if (!below || (reach.lookedTo === null && reach.ids.length < 10)) break;
  }
  assert.deepEqual(
    found,
    Array.from({ length: half }, (_, n) => idOf(half - 1 - n)),
  );
  assert.ok(pages > half / 10);
});

test('what was common long before the newest texts of the sample is not even looked up', async () => {
  const { owner, web } = listed;
  // As if there were a thousand payments for each of these.
  await owner`
    INSERT INTO payment_texts
    SELECT ${merchantId}, id, CASE WHEN row_number() OVER (ORDER BY id) <= 60 THEN 'long ago' ELSE 'lately' END
    FROM (SELECT ('02000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id FROM generate_series(1, 120_000) n)
    WHERE uuid_hash(id) & 1023 = 0 ORDER BY id LIMIT 100`;
  const lookups = async () => {
    await web`SELECT pg_stat_force_next_flush()`;
    const [row] = await owner<{ n: number }[]>`
      SELECT idx_scan::int AS n FROM pg_stat_user_indexes WHERE indexrelname = 'payment_texts_fragments'`;
    return row?.n;
  };
  const was = await lookups();
  const look = lookAt({ depths: { ...depths, glance: 30, sample: 20, sampled: 8 } });
  assert.notEqual((await byFragment(web, 'long ago', look)).ids.length, 0);
  assert.equal(await lookups(), was);
  assert.deepEqual(await byFragment(web, 'fore-000007', look), { ids: [idOf(7)], lookedTo: null });
  assert.equal(await lookups(), Number(was) + 1);
});

test('a rare fragment is found at once, however old', async () => {
  assert.deepEqual(await byFragment(listed.web, 'fore-000007', lookAt({ depths })), { ids: [idOf(7)], lookedTo: null });
});
