import type { RawSql } from '#db/client.ts';
import type { Consumer, LoggedEvent } from '#server/events/consumer.ts';
import { publicName } from './public-events.ts';

/**
 * Leaves a delivery for each endpoint that wants to hear of an event. An endpoint hears of what happens after it was
 * made. Seen again, an event makes no second delivery.
 */
export const queueDeliveries: Consumer = {
  name: 'merchant webhooks',
  async effect(tx, events) {
    const told = events.flatMap((event) => {
      const type = publicName(event);
      return type === undefined ? [] : [{ ...event, type }];
    });
    if (told.length > 0) await queue(tx, told);
  },
};

async function queue(tx: RawSql, events: (LoggedEvent & { type: string })[]): Promise<void> {
  const rows = events.map(({ id, merchantId, paymentId, seq, type, at }) => ({
    id,
    merchant_id: merchantId,
    payment_id: paymentId,
    seq,
    type,
    at,
  }));
  await tx`
    INSERT INTO deliveries (event_id, endpoint_id, merchant_id, payment_id, seq, type, status, at)
    SELECT e.id, w.id, e.merchant_id, e.payment_id, e.seq, e.type, 'pending', e.at
    FROM json_to_recordset(${JSON.stringify(rows)}::text::json) AS e (id uuid, merchant_id uuid, payment_id uuid, seq int,
      type text, at timestamptz)
    JOIN webhook_endpoints w ON w.merchant_id = e.merchant_id
    WHERE w.enabled AND w.created_at <= e.at AND (e.type = ANY(w.events) OR '*' = ANY(w.events))
    ON CONFLICT DO NOTHING`;
}
