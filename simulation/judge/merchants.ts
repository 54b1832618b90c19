import { ofDatabase, type Wrong } from './invariant.ts';
import { shown } from './shown.ts';

interface Foreign extends Wrong {
  what: string;
  id: string;
  of: string;
  owner: string | null;
}

function tell({ what, id, of, merchant, owner }: Foreign): string {
  const [here, there] = [merchant, owner].map((one) => (one === null ? 'nobody' : shown('merchant', one)));
  const more = here === there ? ', and they differ otherwise' : '';
  return `The ${what} ${id} belongs to ${here}, and its ${of} to ${there}${more}.`;
}

const ofPayments = ofDatabase<Foreign>({
  id: 'I12a',
  says: 'All that belongs to a payment, and the payment’s intent, is of the payment’s merchant.',
  rest: false,
  find: ({ sql, payments }) => sql<Foreign[]>`
    SELECT p.id AS payment, e.merchant_id AS merchant, 'event' AS what, e.id::text, 'payment' AS of,
      p.merchant_id AS owner
    FROM ${payments} JOIN events e ON e.payment_id = p.id WHERE e.merchant_id <> p.merchant_id
    UNION ALL
    SELECT p.id, o.merchant_id, 'operation', o.id::text, 'payment', p.merchant_id
    FROM ${payments} JOIN operations o ON o.payment_id = p.id WHERE o.merchant_id <> p.merchant_id
    UNION ALL
    SELECT p.id, x.merchant_id, 'posting', x.id::text, 'payment', p.merchant_id
    FROM ${payments} JOIN postings x ON x.payment_id = p.id WHERE x.merchant_id <> p.merchant_id
    UNION ALL
    SELECT p.id, c.merchant_id, 'case', c.id::text, 'payment', p.merchant_id
    FROM ${payments} JOIN escalations c ON c.payment_id = p.id WHERE c.merchant_id <> p.merchant_id
    UNION ALL
    SELECT p.id, v.merchant_id, 'verdict', v.id::text, 'payment', p.merchant_id
    FROM ${payments} JOIN risk_verdicts v ON v.id = p.verdict_id WHERE v.merchant_id <> p.merchant_id
    UNION ALL
    SELECT p.id, p.merchant_id, 'payment', p.id::text, 'intent', i.merchant_id
    FROM ${payments} LEFT JOIN intents i ON i.id = p.intent_id
    WHERE (i.merchant_id, i.currency) IS DISTINCT FROM (p.merchant_id, p.currency) OR p.attempt > i.attempts
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
