import type { PendingQuery, Row } from 'postgres';
import type { RawSql } from '#db/client.ts';
import type { PaymentFilter } from '../view.ts';
import { fits } from './conditions.ts';
import { nothing, type Reach } from './reach.ts';
import type { Walk } from './walk.ts';

/** Fewer characters than this are in too many texts to look for. */
export const shortest = 3;

/** Of long fragments these are enough to go by. */
const partsAtMost = 12;

/**
 * Payments in whose reference or address a fragment stands. A common one is met in the list's order. One that is not is
 * looked up by its rarest four characters, whenever it was; a sample says which those are. Where they turn out to be
 * in many texts, it is looked for in the list's order after all.
 */
export async function byFragment(sql: RawSql, fragment: string, look: Walk): Promise<Reach> {
  const pattern = `%${fragment.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const seen = await walkTexts(sql, pattern, { ...look, depth: look.depths.glance });
  if (seen.lookedTo === null) return seen;
  const parts = await rareParts(sql, fragment, look);
  const found = parts.length > 0 ? await lookUp(sql, parts, pattern, look) : null;
  return found ?? walkTexts(sql, pattern, { ...look, depth: look.depths.texts });
}

async function walkTexts(sql: RawSql, pattern: string, look: Walk & { depth: number }): Promise<Reach> {
  const { merchantId, from, below, wanted } = look;
  const texts = sql`
    SELECT payment_id, text FROM payment_texts
    WHERE merchant_id = ${merchantId} AND payment_id >= ${from} AND payment_id < ${below}
    ORDER BY payment_id DESC`;
  const [found] = await sql<{ ids: string[]; looked_to: string | null }[]>`
    SELECT found.ids, CASE WHEN cardinality(found.ids) < ${wanted} THEN (
      SELECT payment_id FROM (${texts}) t OFFSET ${look.depth - 1} LIMIT 1) END AS looked_to
    FROM (
      SELECT ARRAY(
        SELECT t.payment_id FROM (${texts} LIMIT ${look.depth}) t
        WHERE t.text LIKE lower(${pattern}) AND ${rowFits(sql, look.filter)} LIMIT ${wanted}) AS ids
      OFFSET 0) found`;
  return found ? { ids: found.ids, lookedTo: found.looked_to } : nothing;
}

/**
 * Which four characters of it are in the fewest texts, if that is few: two, since each more costs the index a look. Of
 * what is older than the sample's newest texts it has every fourth, which counts for four.
 */
async function rareParts(sql: RawSql, fragment: string, { merchantId, depths }: Walk): Promise<string[]> {
  // As the database counts: characters, of which some are two of JavaScript's.
  const characters = [...fragment];
  if (characters.length < 4) return [];
  const parts = Array.from({ length: Math.min(characters.length - 3, partsAtMost) }, (_, place) =>
    characters.slice(place, place + 4).join(''),
  );
  const sampled = (which: PendingQuery<Row[]>) => sql`
    SELECT payment_id, text FROM payment_texts
    WHERE merchant_id = ${merchantId} AND uuid_hash(payment_id) & 1023 = 0 AND ${which} ORDER BY payment_id DESC`;
  const beforeThose = sql`payment_id < (SELECT payment_id FROM newest ORDER BY payment_id LIMIT 1)`;
  const rarest = await sql<{ part: string; many: number }[]>`
    WITH newest AS MATERIALIZED (${sampled(sql`true`)} LIMIT ${depths.sample}),
    older AS MATERIALIZED (
      SELECT text FROM (${sampled(beforeThose)} LIMIT ${4 * depths.sample}) t WHERE uuid_hash(payment_id) & 4095 = 0)
    SELECT part, many::int FROM unnest(${parts}::text[]) AS part
    CROSS JOIN LATERAL (
      SELECT (SELECT count(*) FROM newest WHERE strpos(text, lower(part)) > 0)
        + 4 * (SELECT count(*) FROM older WHERE strpos(text, lower(part)) > 0) AS many OFFSET 0) found
    ORDER BY many, part LIMIT 2`;
  return (rarest[0]?.many ?? 0) <= depths.sampled ? rarest.map(({ part }) => part) : [];
}

/**
 * Null where more texts have these parts than are looked at, since the sample is a guess. The first part of the
 * statement is planned as if all of them were wanted, which leaves only the index; it is run as far as the second asks.
 */
async function lookUp(sql: RawSql, parts: string[], pattern: string, look: Walk): Promise<Reach | null> {
  const { merchantId, from, below, filter, wanted, depths } = look;
  const [one = '', other = one] = parts;
  const [found] = await sql<{ ids: string[] | null }[]>`
    WITH with_parts AS MATERIALIZED (
      SELECT merchant_id, payment_id, text FROM payment_texts
      WHERE fragment_keys(merchant_id, text) @>
        (fragment_keys(${merchantId}, lower(${one})) || fragment_keys(${merchantId}, lower(${other})))),
    met AS MATERIALIZED (SELECT merchant_id, payment_id, text FROM with_parts LIMIT ${depths.lookedUp + 1})
    SELECT CASE WHEN (SELECT count(*) FROM met) <= ${depths.lookedUp} THEN ARRAY(
      SELECT t.payment_id FROM met t
      WHERE t.merchant_id = ${merchantId} AND t.text LIKE lower(${pattern})
        AND t.payment_id >= ${from} AND t.payment_id < ${below} AND ${rowFits(sql, filter)}
      ORDER BY t.payment_id DESC LIMIT ${wanted}) END AS ids`;
  return found?.ids ? { ids: found.ids, lookedTo: null } : null;
}

/** Asks the row only where something is asked of it: otherwise the text is enough. */
export function rowFits(sql: RawSql, { search, ...filter }: PaymentFilter) {
  if (Object.keys(filter).length === 0) return sql`true`;
  return sql`EXISTS (SELECT FROM payment_rows row WHERE row.id = t.payment_id AND ${fits(sql, filter)} OFFSET 0)`;
}
