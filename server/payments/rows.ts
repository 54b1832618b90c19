import type { RawSql } from '#db/client.ts';
import { unclosedStatuses } from '#db/schema/payments.ts';
import type { ReadModel } from '#server/events/consumer.ts';
import { showId } from '#server/kernel/id.ts';

/**
 * Keeps `payment_rows`. An event says that a payment changed and why; to what is read from the payment itself, all of
 * it in one statement, so that a row is never of two versions at once. A row may be ahead of the event that it is
 * written for. It never goes back: the version is compared, since an event may come again.
 */
export const paymentRows: ReadModel = {
  name: 'payment rows',
  // As a search takes them: it has a lock on what leads to rows before it has one on the rows. A rebuild puts the new
  // tables in place in this order, so that the two may wait for one another, but never each for the other.
  tables: ['payment_facets', 'payment_texts', 'payment_ids', 'payment_rows'],
  async effect(tx, events) {
    await writeRows(tx, [...new Set(events.map(({ paymentId }) => paymentId))]);
  },
};

async function writeRows(tx: RawSql, paymentIds: string[]): Promise<void> {
  await writePayments(tx, paymentIds);
  await writeFacets(tx, paymentIds);
  await writeTexts(tx, paymentIds);
}

async function writePayments(tx: RawSql, paymentIds: string[]): Promise<void> {
  await tx`
    INSERT INTO payment_rows AS row (id, merchant_id, intent_id, version, state, amount, captured, refunded, currency,
      card_brand, card_last4, card_exp_month, card_exp_year, provider, failure_code, reference, receipt_email,
      waiting_since, created_at)
    SELECT p.id, p.merchant_id, p.intent_id, p.version, p.state, p.amount, p.captured, p.refunded, p.currency,
      p.card_brand, p.card_last4, p.card_exp_month, p.card_exp_year, p.provider, p.failure_code, t.reference,
      t.receipt_email,
      (SELECT min(o.opened_at) FROM operations o WHERE o.payment_id = p.id AND o.status IN ${tx(unclosedStatuses)}),
      p.created_at
    FROM payments p JOIN intents t ON t.id = p.intent_id
    WHERE p.id = ANY(${paymentIds}::uuid[])
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, captured = excluded.captured,
      refunded = excluded.refunded, card_brand = excluded.card_brand, card_last4 = excluded.card_last4,
      card_exp_month = excluded.card_exp_month, card_exp_year = excluded.card_exp_year, provider = excluded.provider,
      failure_code = excluded.failure_code, waiting_since = excluded.waiting_since
    WHERE row.version < excluded.version`;
}

async function writeFacets(tx: RawSql, paymentIds: string[]): Promise<void> {
  await tx`
    INSERT INTO payment_facets (merchant_id, currency, provider)
    SELECT merchant_id, currency, '' FROM payments WHERE id = ANY(${paymentIds}::uuid[])
    UNION SELECT merchant_id, currency, provider FROM operations WHERE payment_id = ANY(${paymentIds}::uuid[])
    ON CONFLICT DO NOTHING`;
}

/** Longer ones are found by so much of them: an index takes no more. */
const textAtMost = 600;

/** Writes what these payments are found by; their rows are in the list already. */
export async function writeTexts(tx: RawSql, paymentIds: string[]): Promise<void> {
  const unwritten = await tx<{ merchant_id: string; id: string; intent_id: string }[]>`
    SELECT r.merchant_id, r.id, r.intent_id FROM payment_rows r
    WHERE r.id = ANY(${paymentIds}::uuid[]) AND NOT EXISTS (
      SELECT FROM payment_texts t WHERE t.merchant_id = r.merchant_id AND t.payment_id = r.id)`;
  const newIds = unwritten.map(({ id }) => id);
  await tx`
    WITH ids AS (
      INSERT INTO payment_ids (merchant_id, backwards, payment_id)
      SELECT DISTINCT merchant_id, left(reverse(lower(id)), ${textAtMost}), payment_id FROM (
        SELECT n.merchant_id, n.payment_id, unnest(ARRAY[n.intent, n.payment]) AS id
        FROM unnest(${unwritten.map((row) => row.merchant_id)}::uuid[], ${newIds}::uuid[],
          ${unwritten.map((row) => showId('intent', row.intent_id))}::text[],
          ${newIds.map((id) => showId('payment', id))}::text[]) AS n (merchant_id, payment_id, intent, payment)
        UNION ALL
        SELECT merchant_id, payment_id, provider_ref FROM operations
        WHERE payment_id = ANY(${paymentIds}::uuid[]) AND provider_ref IS NOT NULL) named
      ON CONFLICT DO NOTHING)
    INSERT INTO payment_texts (merchant_id, payment_id, text)
    SELECT merchant_id, id, left(lower(concat_ws(E'\\n', reference, receipt_email)), ${textAtMost})
    FROM payment_rows WHERE id = ANY(${newIds}::uuid[])
    ON CONFLICT DO NOTHING`;
}
