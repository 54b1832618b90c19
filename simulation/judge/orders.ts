import { ofDatabase, type Wrong } from './invariant.ts';
import { shown } from './shown.ts';

interface Sent extends Wrong {
  payment: string;
  order: string;
  status: string;
}

/** The rows of the log that a fulfilment names: the authorisation, the yes, the capture, whose id is its own. */
const grounds = ofDatabase<Sent>({
  id: 'I7b',
  says: 'Nothing is sent without the authorisation, the approval and the capture of its own order’s payment on record.',
  rest: false,
  find: ({ sql }) => sql<Sent[]>`
    SELECT f.payment_id AS payment, f.merchant_id AS merchant, f.order_id AS order, f.status
    FROM fulfilments f
    LEFT JOIN orders o ON o.id = f.order_id
    LEFT JOIN checkout_sessions s ON s.id = o.session_id
    LEFT JOIN payments p ON p.id = f.payment_id AND p.intent_id = s.intent_id
    LEFT JOIN events authorized ON authorized.payment_id = f.payment_id AND authorized.seq = f.authorized_seq
    LEFT JOIN events approved ON approved.payment_id = f.payment_id AND approved.seq = f.approved_seq
    LEFT JOIN events captured ON captured.payment_id = f.payment_id AND captured.seq = f.captured_seq
    WHERE p.id IS NULL OR authorized.trigger IS DISTINCT FROM 'authorize' OR captured.id IS DISTINCT FROM f.id
      OR captured.trigger IS DISTINCT FROM 'capture'
      OR (approved.trigger = CASE
          WHEN EXISTS (SELECT FROM events r WHERE r.payment_id = f.payment_id AND r.trigger = 'review_opened')
          THEN 'review_closed' ELSE 'approve' END) IS NOT TRUE
      OR approved.data->>'verdict' = 'reject'
    LIMIT 50`,
  tell: ({ payment, order, status }) =>
    `What ${shown('order', order)} has to send (${status}) has no authorisation, approval and capture ` +
    `in the log of ${shown('payment', payment)}.`,
});

interface Standing extends Wrong {
  payment: string;
  order: string;
  state: string;
  status: string | null;
  owed: string | null;
  paid: string;
}

const standing = ({ payment, order, state, status, owed, paid }: Standing) =>
  `${shown('order', order)} is ${state}, its goods are ${status ?? 'not to be sent'}, the money back is ` +
  `${owed ?? 'not owed'}, and ${shown('payment', payment)} is ${paid}.`;

const asTheGoods = ofDatabase<Standing>({
  id: 'I9a',
  says: 'An order is where its goods are: sent goods were paid for, and what was not sent is given back, once.',
  rest: false,
  find: ({ sql }) => sql<Standing[]>`
    SELECT f.payment_id AS payment, o.merchant_id AS merchant, o.id AS order, o.state, f.status, c.status AS owed,
      p.state AS paid
    FROM orders o
    LEFT JOIN fulfilments f ON f.order_id = o.id
    LEFT JOIN compensations c ON c.order_id = o.id
    LEFT JOIN payments p ON p.id = f.payment_id
    WHERE (f.id IS NOT NULL) <> (o.state IN ('fulfilling', 'fulfilled', 'failed', 'compensated'))
      OR f.status IN ('due', 'asked', 'stuck') AND o.state <> 'fulfilling'
      OR f.status = 'shipped' AND (o.state <> 'fulfilled' OR c.id IS NOT NULL OR p.captured = 0)
      OR f.status IN ('refused', 'called_off') AND o.state NOT IN ('failed', 'compensated')
      OR o.state = 'failed' AND c.id IS NULL
      OR c.status IN ('due', 'stuck') AND o.state <> 'failed'
      OR c.status = 'done' AND o.state <> 'compensated'
    LIMIT 50`,
  tell: standing,
});

const asTheMoney = ofDatabase<Standing>({
  id: 'I9b',
  says: 'An order is where its money is: paid once it was captured, compensated once all of it is back.',
  rest: true,
  find: ({ sql, quiet }) => sql<Standing[]>`
    SELECT p.id AS payment, o.merchant_id AS merchant, o.id AS order, o.state, f.status, c.status AS owed,
      p.state AS paid
    FROM orders o
    JOIN checkout_sessions s ON s.id = o.session_id
    JOIN payments p ON p.intent_id = s.intent_id AND p.state IN ('captured', 'reconciled', 'refunded')
    LEFT JOIN fulfilments f ON f.order_id = o.id
    LEFT JOIN compensations c ON c.order_id = o.id
    WHERE p.updated_at < ${quiet} AND EXISTS (SELECT FROM event_cursors WHERE consumer = 'orders')
      AND (o.state IN ('open', 'canceled', 'expired') OR (o.state = 'compensated') <> (p.state = 'refunded')
        AND o.state IN ('failed', 'compensated'))
    LIMIT 50`,
  tell: standing,
});

const nothingDue = ofDatabase<Standing>({
  id: 'I11g',
  says: 'At rest nothing is left to be sent or given back; at work each is taken up when it is due.',
  rest: true,
  find: ({ sql, quiet }) => sql<Standing[]>`
    SELECT f.payment_id AS payment, o.merchant_id AS merchant, o.id AS order, o.state, f.status, c.status AS owed,
      p.state AS paid
    FROM orders o
    JOIN fulfilments f ON f.order_id = o.id
    LEFT JOIN compensations c ON c.order_id = o.id
    JOIN payments p ON p.id = f.payment_id
    WHERE f.status IN ('due', 'asked') AND f.next_at < ${quiet}
      OR c.status = 'due' AND c.next_at < ${quiet}
    LIMIT 50`,
  tell: standing,
});

export const orders = [grounds, asTheGoods, asTheMoney, nothingDue];
