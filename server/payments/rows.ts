import type { RawSql } from '#db/client.ts';
import { unclosedStatuses } from '#db/schema/payments.ts';
import type { ReadModel } from '#server/events/consumer.ts';

/**
 * Keeps `payment_rows`. An event says that a payment changed and why; to what is read from the payment itself, all of
 * it in one statement, so that a row is never of two versions at once. A row may be ahead of the event that it is
 * written for. It never goes back: the version is compared, since an event may come again.
 */
export const paymentRows: ReadModel = {
  name: 'payment rows',
  tables: ['payment_rows'],
  async effect(tx, events) {
    await writeRows(tx, [...new Set(events.map(({ paymentId }) => paymentId))]);
  },
};

async function writeRows(tx: RawSql, paymentIds: string[]): Promise<void> {
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
