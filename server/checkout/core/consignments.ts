import { isOfOneRow } from '#db/row-errors.ts';
import { showId } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import type { Consignment } from '../warehouse.ts';
import type { OrderSeams } from './order-room.ts';

/** What is to be sent for an order. Those who ask at once share a statement. */
export function makeConsignments({ sql, clock }: OrderSeams): (orderId: string) => Promise<Consignment> {
  return together({ ...ofQuestions, clock, isOfOne: isOfOneRow }, async (orderIds: readonly string[]) => {
    const rows = await sql<Omit<Consignment, 'order'>[]>`
      SELECT s.client_reference_id AS reference, coalesce(s.shopper_email, s.customer_email) AS email, s.amount,
        s.currency, (
          SELECT json_agg(json_build_object('name', i.name, 'quantity', i.quantity) ORDER BY i.position)
          FROM checkout_line_items i WHERE i.session_id = s.id) AS lines
      FROM unnest(${[...orderIds]}::uuid[]) WITH ORDINALITY AS a (id, place)
      CROSS JOIN LATERAL (SELECT session_id FROM orders WHERE id = a.id LIMIT 1) o
      CROSS JOIN LATERAL (
        SELECT id, client_reference_id, shopper_email, customer_email, amount, currency
        FROM checkout_sessions WHERE id = o.session_id LIMIT 1) s
      ORDER BY a.place`;
    invariant(rows.length === orderIds.length, 'what is to be sent was ordered');
    return rows.map((row, n) => ({ order: showId('order', orderIds[n] ?? ''), ...row }));
  });
}
