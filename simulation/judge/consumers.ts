import { ofDatabase, type Wrong } from './invariant.ts';
import { shown } from './shown.ts';

interface Behind extends Wrong {
  payment: string;
  consumer: string;
  seq: number;
}

const atTheEnd = ofDatabase<Behind>({
  id: 'I10a',
  says: 'Everybody who acts on the log has come to its end.',
  rest: true,
  find: ({ sql, quiet }) => sql<Behind[]>`
    SELECT k.consumer, next.payment_id AS payment, next.merchant_id AS merchant, next.seq
    FROM event_cursors k
    JOIN LATERAL (
      SELECT e.payment_id, e.merchant_id, e.seq, e.at FROM events e
      WHERE (e.epoch, e.tx, e.payment_id, e.seq) > (k.epoch, k.tx, k.payment_id, k.seq)
      ORDER BY e.epoch, e.tx, e.payment_id, e.seq LIMIT 1
    ) next ON next.at < ${quiet}
    LIMIT 50`,
  tell: ({ consumer, payment, seq }) =>
    `'${consumer}' has not dealt with event ${seq} of ${shown('payment', payment)}, nor with what comes after it.`,
});

interface Parked extends Behind {
  status: string;
  tries: number;
  error: string | null;
}

const nothingParked = ofDatabase<Parked>({
  id: 'I10b',
  says: 'No event was put aside because its consumer failed on it.',
  rest: true,
  find: ({ sql, quiet }) => sql<Parked[]>`
    SELECT k.payment_id AS payment, k.merchant_id AS merchant, k.consumer, k.seq, k.status, k.tries, k.error
    FROM parked_events k WHERE k.parked_at < ${quiet}
    ORDER BY k.parked_at, k.payment_id, k.seq LIMIT 50`,
  tell({ consumer, payment, seq, status, tries, error }) {
    const why = error === null ? 'an earlier one has failed' : `${tries} tries have failed: ${error}`;
    return `'${consumer}' has put event ${seq} of ${shown('payment', payment)} aside (${status}), since ${why}.`;
  },
});

interface Misdelivered extends Wrong {
  payment: string;
  seq: number;
  event: string;
}

const deliveriesOfEvents = ofDatabase<Misdelivered>({
  id: 'I10c',
  says: 'What a merchant’s endpoint is to hear of is an event, in its place, and is to be heard once.',
  rest: false,
  find: ({ sql }) => sql<Misdelivered[]>`
    SELECT d.payment_id AS payment, d.merchant_id AS merchant, d.seq, d.event_id AS event
    FROM deliveries d LEFT JOIN events e ON e.id = d.event_id
    WHERE (e.payment_id, e.seq) IS DISTINCT FROM (d.payment_id, d.seq)
    UNION ALL
    SELECT d.payment_id, d.merchant_id, d.seq, d.event_id
    FROM deliveries d GROUP BY d.payment_id, d.merchant_id, d.seq, d.event_id, d.endpoint_id HAVING count(*) > 1
    LIMIT 50`,
  tell: ({ payment, seq, event }) =>
    `The delivery of ${shown('event', event)} is for event ${seq} of ${shown('payment', payment)}, ` +
    'which is another one, or is there twice.',
});

export const consumers = [atTheEnd, nothingParked, deliveriesOfEvents];
