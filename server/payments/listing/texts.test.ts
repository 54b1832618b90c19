import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Depths, usual } from './reach.ts';
import { givenList, idOf, lookAt } from './testing/given.ts';
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

test('a rare fragment is found at once, however old', async () => {
  assert.deepEqual(await byFragment(listed.web, 'fore-000007', lookAt({ depths })), { ids: [idOf(7)], lookedTo: null });
});
