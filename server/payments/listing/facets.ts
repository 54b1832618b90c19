import type { RawSql } from '#db/client.ts';
import { diagram } from '../diagram.ts';
import type { PaymentFilter } from '../view.ts';
import { fits } from './conditions.ts';
import { idAt, type Reach, timeOf, together } from './reach.ts';
import type { Walk } from './walk.ts';

/** A stretch of the index that is in the list's order. The empty provider: none yet. */
interface Group {
  state: string;
  currency: string;
  provider: string;
  below: string;
}

interface Looked extends Group, Reach {
  /** The first entry, where there is one. */
  newest: string | null;
}

/**
 * Looks through each stretch that the choice of states, currency and provider comes to, and puts together what they
 * have: all there is, however rare, unless an amount is asked for as well. Then all stretches are looked through as far
 * back as their first entries say that the depth will go.
 */
export async function byFacets(sql: RawSql, look: Walk): Promise<Reach> {
  const { wanted, depths } = look;
  const first = await lookThrough(sql, await groupsOf(sql, look), { ...look, each: wanted });
  const reach = together(first, wanted);
  if (reach.lookedTo === null) return reach;
  const on = first.flatMap(({ ids: _, lookedTo, newest, ...group }) =>
    lookedTo === null || newest === null ? [] : [{ ...group, below: lookedTo, newest }],
  );
  const rates = on.map(({ newest, below }) => wanted / Math.max(1, +timeOf(newest) - +timeOf(below)));
  const began = Math.max(...on.map(({ newest }) => +timeOf(newest)));
  const end = idAt(began - depths.entries / rates.reduce((sum, rate) => sum + rate, 0));
  const from = end > look.from ? end : look.from;
  const more = await lookThrough(sql, on, { ...look, from, each: depths.entries });
  const all = [...first.map(({ ids }) => ({ ids, lookedTo: null })), ...more];
  const older = await lookThrough(
    sql,
    on.map((group) => ({ ...group, below: from })),
    { ...look, each: 1 },
  );
  const isMore = older.some(({ newest }) => newest !== null);
  return together([...all, { ids: [], lookedTo: isMore ? from : null }], wanted);
}

/** Currencies of the merchant's payments, or the one that is asked for. */
export async function currenciesOf(sql: RawSql, { merchantId, filter }: Walk): Promise<string[]> {
  if (filter.currency) return [filter.currency];
  const rows = await sql<{ currency: string }[]>`
    SELECT currency FROM payment_facets WHERE merchant_id = ${merchantId} AND provider = '' LIMIT 200`;
  return rows.map(({ currency }) => currency);
}

async function groupsOf(sql: RawSql, { merchantId, below, filter }: Walk): Promise<Group[]> {
  const { currency, provider } = filter;
  const facets = await sql<{ currency: string; provider: string }[]>`
    SELECT currency, provider FROM payment_facets WHERE merchant_id = ${merchantId}
      ${currency ? sql`AND currency = ${currency}` : sql``} ${provider ? sql`AND provider = ${provider}` : sql``}
    LIMIT 1000`;
  const states = filter.states?.length ? [...new Set(filter.states)] : diagram().states;
  return states.flatMap((state) => facets.map((facet) => ({ ...facet, state, below })));
}

async function lookThrough(sql: RawSql, groups: readonly Group[], look: Walk & { each: number }): Promise<Looked[]> {
  const { merchantId, from, wanted, each } = look;
  const { amountFrom, amountTo, createdFrom, createdTo } = look.filter;
  const filter: PaymentFilter = {
    ...(amountFrom === undefined ? {} : { amountFrom }),
    ...(amountTo === undefined ? {} : { amountTo }),
    ...(createdFrom ? { createdFrom } : {}),
    ...(createdTo ? { createdTo } : {}),
  };
  const stretch = sql`
    SELECT row.id, row.amount, row.created_at FROM payment_rows row
    WHERE row.merchant_id = ${merchantId} AND row.state = g.state AND row.currency = g.currency
      AND coalesce(row.provider, '') = g.provider AND row.id >= ${from} AND row.id < g.below
    ORDER BY row.id DESC`;
  const rows = await sql<{ n: bigint; ids: string[]; newest: string | null; looked_to: string | null }[]>`
    SELECT g.n, found.ids, (SELECT row.id FROM (${stretch}) row LIMIT 1) AS newest,
      CASE WHEN cardinality(found.ids) < ${wanted} THEN (
      SELECT row.id FROM (${stretch}) row OFFSET ${each - 1} LIMIT 1) END AS looked_to
    FROM unnest(${groups.map(({ state }) => state)}::text[], ${groups.map(({ currency }) => currency)}::text[],
      ${groups.map(({ provider }) => provider)}::text[], ${groups.map(({ below }) => below)}::uuid[])
      WITH ORDINALITY AS g (state, currency, provider, below, n)
    CROSS JOIN LATERAL (
      SELECT ARRAY(
        SELECT row.id FROM (${stretch} LIMIT ${each}) row WHERE ${fits(sql, filter)} LIMIT ${wanted}) AS ids
      OFFSET 0) found`;
  return rows.flatMap(({ n, ids, newest, looked_to: lookedTo }) => {
    const group = groups[Number(n) - 1];
    return group ? [{ ...group, ids, newest, lookedTo }] : [];
  });
}
