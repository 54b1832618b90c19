import type { RawSql } from '#db/client.ts';
import { nothing, type Reach } from './reach.ts';
import { rowFits } from './texts.ts';
import type { Walk } from './walk.ts';

/** Characters from which on the end of an id says which. */
const shortest = 6;

/** After every text that begins like this. */
const last = '\uffff';

/** Payments one of whose ids ends in this, or is this: their own, their intents', their providers'. */
export async function byEnd(sql: RawSql, text: string, look: Walk): Promise<Reach> {
  if (text.length < shortest) return nothing;
  const { merchantId, from, below, filter, wanted, depths } = look;
  const rows = await sql<{ id: string }[]>`
    WITH named AS MATERIALIZED (
      SELECT payment_id FROM payment_ids
      WHERE merchant_id = ${merchantId} AND backwards ~>=~ reverse(lower(${text}))
        AND backwards ~<~ (reverse(lower(${text})) || ${last})
      LIMIT ${depths.few + 1})
    SELECT DISTINCT t.payment_id AS id FROM named t
    WHERE (SELECT count(*) FROM named) <= ${depths.few} AND t.payment_id >= ${from} AND t.payment_id < ${below}
      AND ${rowFits(sql, filter)}
    ORDER BY t.payment_id DESC LIMIT ${wanted}`;
  return { ids: rows.map(({ id }) => id), lookedTo: null };
}
