import type { PendingQuery, Row } from 'postgres';
import type { RawSql } from '#db/client.ts';
import type { PaymentFilter } from '../view.ts';
import { fits } from './conditions.ts';
import { type Depths, nothing, type Reach, type Stretch } from './reach.ts';

export interface Walk extends Stretch {
  filter: PaymentFilter;
  wanted: number;
  depths: Depths;
}

/** Looks through rows in the list's order, those that an index has together: `only` says which, of `row`. */
export async function walk(sql: RawSql, only: PendingQuery<Row[]>, look: Walk): Promise<Reach> {
  const { merchantId, from, below, filter, wanted, depths } = look;
  const rows = sql`
    SELECT row.* FROM payment_rows row
    WHERE row.merchant_id = ${merchantId} AND ${only} AND row.id >= ${from} AND row.id < ${below}
    ORDER BY row.id DESC`;
  const [found] = await sql<{ ids: string[]; looked_to: string | null }[]>`
    SELECT found.ids, CASE WHEN cardinality(found.ids) < ${wanted} THEN (
      SELECT row.id FROM (${rows}) row OFFSET ${depths.rows - 1} LIMIT 1) END AS looked_to
    FROM (
      SELECT ARRAY(
        SELECT row.id FROM (${rows} LIMIT ${depths.rows}) row WHERE ${fits(sql, filter)} LIMIT ${wanted}) AS ids
      OFFSET 0) found`;
  return found ? { ids: found.ids, lookedTo: found.looked_to } : nothing;
}
