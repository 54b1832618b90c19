import type { RawSql } from '#db/client.ts';
import { readId } from '#server/kernel/id.ts';
import { byEnd } from './ends.ts';
import { type Reach, together } from './reach.ts';
import { byFragment, shortest } from './texts.ts';
import { type Walk, walk } from './walk.ts';

/**
 * A whole id, reference or e-mail address finds just that. What is none is looked for within references and addresses,
 * and at the end of ids, those that providers have given too.
 */
export async function bySearch(sql: RawSql, text: string, look: Walk): Promise<Reach> {
  const payment = readId('payment', text);
  if (payment) return walk(sql, sql`row.id = ${payment}`, look);
  const intent = readId('intent', text);
  if (intent) return walk(sql, sql`row.intent_id = ${intent}`, look);
  const whole = [sql`row.reference = ${text}`, sql`lower(row.receipt_email) = lower(${text})`];
  const [known] = await sql<{ known: boolean }[]>`
    SELECT EXISTS (SELECT FROM payment_rows row WHERE row.merchant_id = ${look.merchantId} AND ${whole[0] ?? sql`false`})
      OR EXISTS (SELECT FROM payment_rows row WHERE row.merchant_id = ${look.merchantId} AND ${whole[1] ?? sql`false`})
      AS known`;
  if (!known?.known && text.length >= shortest) {
    return together([await byFragment(sql, text, look), await byEnd(sql, text, look)], look.wanted);
  }
  return together(await Promise.all(whole.map((only) => walk(sql, only, look))), look.wanted);
}
