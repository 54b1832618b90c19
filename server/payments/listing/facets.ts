import type { RawSql } from '#db/client.ts';
import { diagram } from '../diagram.ts';
import type { PaymentFilter } from '../view.ts';
import { fits } from './conditions.ts';
import { idAt, type Reach, timeOf, together } from './reach.ts';
import type { Walk } from './walk.ts';

/** Of a stretch of the index that is in the list's order: one for each state, currency and provider. */
interface Looked extends Reach {
  /** The first entry, where there is one. */
  newest: string | null;
  /** There are entries before where the look was to end. */
  older: boolean;
}

/**
 * Looks through each stretch that the choice of states, currency and provider comes to, and puts together what they
 * have: all there is, however rare, unless an amount is asked for as well. Then all stretches are looked through once
 * more, as far back as their first entries say that the depth will go. What is answered was seen by one statement: a
 * payment that goes from one stretch to another meanwhile is in one of them.
 */
export async function byFacets(sql: RawSql, look: Walk): Promise<Reach> {
  const { wanted, depths } = look;
  const first = await lookThrough(sql, { ...look, each: wanted });
  const reach = together(first, wanted);
  if (reach.lookedTo === null) return reach;
  const from = endOf(first, look);
  const all = await lookThrough(sql, { ...look, from, oldest: look.from, each: depths.entries });
  const isMore = all.some(({ older }) => older);
  return together([...all, { ids: [], lookedTo: isMore ? from : null }], wanted);
}

/** Where a look at all stretches has met as many entries as are looked at, going by how close the first ones are. */
function endOf(first: readonly Looked[], { from, wanted, depths }: Walk): string {
  const on = first.flatMap(({ lookedTo, newest }) =>
    lookedTo === null || newest === null ? [] : [{ newest: +timeOf(newest), last: +timeOf(lookedTo) }],
  );
  const rates = on.map(({ newest, last }) => wanted / Math.max(1, newest - last));
  const began = Math.max(...on.map(({ newest }) => newest));
  const end = idAt(began - depths.entries / rates.reduce((sum, rate) => sum + rate, 0));
  return end > from ? end : from;
}

/** Currencies of the merchant's payments, or the one that is asked for. */
export async function currenciesOf(sql: RawSql, { merchantId, filter }: Walk): Promise<string[]> {
  if (filter.currency) return [filter.currency];
  const rows = await sql<{ currency: string }[]>`
    SELECT currency FROM payment_facets WHERE merchant_id = ${merchantId} AND provider = '' LIMIT 200`;
  return rows.map(({ currency }) => currency);
}

async function lookThrough(sql: RawSql, look: Walk & { each: number; oldest?: string }): Promise<Looked[]> {
  const { merchantId, from, oldest, below, wanted, each } = look;
  const { currency, provider, amountFrom, amountTo, createdFrom, createdTo } = look.filter;
  const states = look.filter.states?.length ? [...new Set(look.filter.states)] : diagram().states;
  const filter: PaymentFilter = {
    ...(amountFrom === undefined ? {} : { amountFrom }),
    ...(amountTo === undefined ? {} : { amountTo }),
    ...(createdFrom ? { createdFrom } : {}),
    ...(createdTo ? { createdTo } : {}),
  };
  const stretch = (least: string, end: string) => sql`
    SELECT row.id, row.amount, row.created_at FROM payment_rows row
    WHERE row.merchant_id = ${merchantId} AND row.state = g.state AND row.currency = g.currency
      AND coalesce(row.provider, '') = g.provider AND row.id >= ${least} AND row.id < ${end}
    ORDER BY row.id DESC`;
  const before = (least: string) => sql`(SELECT row.id FROM (${stretch(least, from)}) row LIMIT 1) IS NOT NULL`;
  const rows = await sql<{ ids: string[]; newest: string | null; older: boolean; looked_to: string | null }[]>`
    SELECT found.ids, (SELECT row.id FROM (${stretch(from, below)}) row LIMIT 1) AS newest,
      ${oldest === undefined ? sql`false` : before(oldest)} AS older,
      CASE WHEN cardinality(found.ids) < ${wanted} THEN (
      SELECT row.id FROM (${stretch(from, below)}) row OFFSET ${each - 1} LIMIT 1) END AS looked_to
    FROM (
      SELECT s.state, f.currency, f.provider FROM unnest(${states}::text[]) AS s (state)
      CROSS JOIN (
        SELECT currency, provider FROM payment_facets WHERE merchant_id = ${merchantId}
          ${currency ? sql`AND currency = ${currency}` : sql``} ${provider ? sql`AND provider = ${provider}` : sql``}
        LIMIT 1000) f) g
    CROSS JOIN LATERAL (
      SELECT ARRAY(
        SELECT row.id FROM (${stretch(from, below)} LIMIT ${each}) row WHERE ${fits(sql, filter)} LIMIT ${wanted}) AS ids
      OFFSET 0) found`;
  return rows.map(({ looked_to: lookedTo, ...looked }) => ({ ...looked, lookedTo }));
}
