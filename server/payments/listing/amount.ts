import type { RawSql } from '#db/client.ts';
import { amounts, fits } from './conditions.ts';
import { byFacets, currenciesOf } from './facets.ts';
import { type Reach, together } from './reach.ts';
import { type Walk, walk } from './walk.ts';

/** By amount where it is rare; else in the list's order, as far as that goes. */
export async function byAmount(sql: RawSql, look: Walk): Promise<Reach> {
  const { merchantId, from, below, filter, wanted, depths } = look;
  const [least, most] = amounts(filter);
  const currencies = await currenciesOf(sql, look);
  if (least === most && !filter.states?.length && !filter.provider) {
    const of = (currency: string) => walk(sql, sql`row.currency = ${currency} AND row.amount = ${least}`, look);
    return together(await Promise.all(currencies.map(of)), wanted);
  }
  const [found] = await sql<{ many: number; ids: string[] | null }[]>`
    WITH near AS MATERIALIZED (
      SELECT row.id FROM unnest(${currencies}::text[]) AS c (currency)
      CROSS JOIN LATERAL (
        SELECT row.id FROM payment_rows row
        WHERE row.merchant_id = ${merchantId} AND row.currency = c.currency
          AND row.amount >= ${least} AND row.amount <= ${most}
        ORDER BY row.amount LIMIT ${depths.few + 1}) row
      LIMIT ${depths.few + 1})
    SELECT (SELECT count(*)::int FROM near) AS many, CASE WHEN (SELECT count(*) FROM near) <= ${depths.few} THEN ARRAY(
      SELECT near.id FROM near CROSS JOIN LATERAL (
        SELECT FROM payment_rows row WHERE row.id = near.id AND ${fits(sql, filter)} OFFSET 0) row
      WHERE near.id >= ${from} AND near.id < ${below} ORDER BY near.id DESC LIMIT ${wanted}) END AS ids`;
  return found?.ids ? { ids: found.ids, lookedTo: null } : byFacets(sql, look);
}
