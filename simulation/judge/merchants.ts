import { ofDatabase, type Wrong } from './invariant.ts';
import { shown } from './shown.ts';

interface Foreign extends Wrong {
  what: string;
  id: string;
  of: string;
  owner: string;
}

const tell = ({ what, id, of, merchant, owner }: Foreign) =>
  `The ${what} ${id} belongs to ${shown('merchant', merchant ?? '')}, and its ${of} to ${shown('merchant', owner)}.`;

const ofPayments = ofDatabase<Foreign>({
  id: 'I12a',
  says: 'Events, operations, postings, cases and verdicts belong to the merchant of their payment, and that to its intent’s.',
  rest: false,
  find: ({ sql, payments }) => sql<Foreign[]>`
    SELECT p.id AS payment, part.merchant_id AS merchant, part.what, part.id::text, part.of, p.merchant_id AS owner
    FROM ${payments}
    CROSS JOIN LATERAL (
      SELECT 'event' AS what, e.id, e.merchant_id, 'payment' AS of FROM events e WHERE e.payment_id = p.id
      UNION ALL SELECT 'operation', o.id, o.merchant_id, 'payment' FROM operations o WHERE o.payment_id = p.id
      UNION ALL SELECT 'posting', x.id, x.merchant_id, 'payment' FROM postings x WHERE x.payment_id = p.id
      UNION ALL SELECT 'case', c.id, c.merchant_id, 'payment' FROM escalations c WHERE c.payment_id = p.id
      UNION ALL SELECT 'verdict', v.id, v.merchant_id, 'payment' FROM risk_verdicts v WHERE v.id = p.verdict_id
      UNION ALL SELECT 'intent', i.id, i.merchant_id, 'payment' FROM intents i WHERE i.id = p.intent_id
    ) part
    WHERE part.merchant_id <> p.merchant_id
    LIMIT 50`,
  tell,
});

const ofOrders = ofDatabase<Foreign>({
  id: 'I12b',
  says: 'A checkout session, its intent, its order and what is sent or given back for it belong to one merchant.',
  rest: false,
  find: ({ sql }) => sql<Foreign[]>`
    SELECT NULL::uuid AS payment, s.merchant_id AS merchant, 'session' AS what, s.id::text, 'intent' AS of,
      i.merchant_id AS owner
    FROM checkout_sessions s JOIN intents i ON i.id = s.intent_id WHERE i.merchant_id <> s.merchant_id
    UNION ALL
    SELECT NULL::uuid, o.merchant_id, 'order', o.id::text, 'session', s.merchant_id
    FROM orders o JOIN checkout_sessions s ON s.id = o.session_id WHERE s.merchant_id <> o.merchant_id
    UNION ALL
    SELECT f.payment_id, f.merchant_id, 'fulfilment', f.id::text, 'order', o.merchant_id
    FROM fulfilments f JOIN orders o ON o.id = f.order_id JOIN payments p ON p.id = f.payment_id
    WHERE o.merchant_id <> f.merchant_id OR p.merchant_id <> f.merchant_id
    UNION ALL
    SELECT c.payment_id, c.merchant_id, 'compensation', c.id::text, 'order', o.merchant_id
    FROM compensations c JOIN orders o ON o.id = c.order_id WHERE o.merchant_id <> c.merchant_id
    UNION ALL
    SELECT d.payment_id, d.merchant_id, 'delivery', d.event_id::text, 'event', e.merchant_id
    FROM deliveries d JOIN events e ON e.id = d.event_id JOIN webhook_endpoints w ON w.id = d.endpoint_id
    WHERE e.merchant_id <> d.merchant_id OR w.merchant_id <> d.merchant_id
    LIMIT 50`,
  tell,
});

export const merchants = [ofPayments, ofOrders];
