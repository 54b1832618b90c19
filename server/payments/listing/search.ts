import type { RawSql } from '#db/client.ts';
import { readId } from '#server/kernel/id.ts';
import { byEnd } from './ends.ts';
import { type Found, together } from './reach.ts';
import { byFragment, shortest } from './texts.ts';
import { type Walk, walk } from './walk.ts';

/** What a text is taken for: all of an id, a reference or an e-mail address, which finds just that, or a part. */
export type SearchKind = 'whole' | 'part';

/** A part, unless there is just this. Asked for the first page: what appears later makes no other search of it. */
export async function kindOf(sql: RawSql, text: string, { merchantId }: Walk): Promise<SearchKind> {
  if (text.length < shortest || readId('payment', text) || readId('intent', text)) return 'whole';
  const [known] = await sql<{ known: boolean }[]>`
    SELECT EXISTS (SELECT FROM payment_rows row WHERE row.merchant_id = ${merchantId} AND ${reference(sql, text)})
      OR EXISTS (SELECT FROM payment_rows row WHERE row.merchant_id = ${merchantId} AND ${address(sql, text)}) AS known`;
  return known?.known ? 'whole' : 'part';
}

/** A part is looked for within references and addresses, and at the end of ids, those that providers have given too. */
export async function bySearch(sql: RawSql, text: string, look: Walk & { searchedAs: SearchKind }): Promise<Found> {
  if (look.searchedAs === 'part') {
    const [within, end] = [await byFragment(sql, text, look), await byEnd(sql, text, look)];
    return { ...together([within, end], look.wanted), endsLeftOut: end.endsLeftOut };
  }
  const payment = readId('payment', text);
  const intent = readId('intent', text);
  const whole = payment
    ? [sql`row.id = ${payment}`]
    : intent
      ? [sql`row.intent_id = ${intent}`]
      : [reference(sql, text), address(sql, text)];
  const reaches = await Promise.all(whole.map((only) => walk(sql, only, look)));
  return { ...together(reaches, look.wanted), endsLeftOut: false };
}

const reference = (sql: RawSql, text: string) => sql`row.reference = ${text}`;
const address = (sql: RawSql, text: string) => sql`lower(row.receipt_email) = lower(${text})`;
