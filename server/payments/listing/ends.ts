import type { RawSql } from '#db/client.ts';
import { type Found, nothing } from './reach.ts';
import { rowFits } from './texts.ts';
import type { Walk } from './walk.ts';

/** Characters from which on the end of an id says which. */
const shortest = 6;

/** After every text that begins like this. */
const last = '\uffff';

/** Payments one of whose ids ends in this, or is this: their own, their intents', their providers'. */
export async function byEnd(sql: RawSql, text: string, look: Walk): Promise<Found> {
  if (text.length < shortest) return { ...nothing, endsLeftOut: false };
  const { merchantId, from, below, filter, wanted, depths } = look;
  const [found] = await sql<{ ids: string[] | null }[]>`
    WITH named AS MATERIALIZED (
      SELECT payment_id FROM payment_ids
      WHERE merchant_id = ${merchantId} AND backwards ~>=~ reverse(lower(${text}))
        AND backwards ~<~ (reverse(lower(${text})) || ${last})
      LIMIT ${depths.few + 1})
    SELECT CASE WHEN (SELECT count(*) FROM named) <= ${depths.few} THEN ARRAY(
      SELECT DISTINCT t.payment_id FROM named t
      WHERE t.payment_id >= ${from} AND t.payment_id < ${below} AND ${rowFits(sql, filter)}
      ORDER BY t.payment_id DESC LIMIT ${wanted}) END AS ids`;
  return { ids: found?.ids ?? [], lookedTo: null, endsLeftOut: !found?.ids };
}
