import { ofDatabase, type Wrong } from './invariant.ts';
import { challengedFor, roundWithin, unansweredFor } from './limits.ts';
import { money, shown } from './shown.ts';

interface Waiting extends Wrong {
  payment: string;
  operation: string;
  kind: string;
  status: string;
  currency: string;
  amount: string;
  since: string;
}

const answered = ofDatabase<Waiting>({
  id: 'I11b',
  says: 'At rest no operation waits for its answer; at work none waits beyond its limit unless a person knows.',
  rest: true,
  find({ sql, operations, now, resting }) {
    const overdue = new Date(now.getTime() - unansweredFor - roundWithin);
    const challengedOverdue = new Date(overdue.getTime() - challengedFor);
    return sql<Waiting[]>`
      SELECT o.payment_id AS payment, o.merchant_id AS merchant, o.id AS operation, o.kind, o.status, o.currency,
        o.amount::text, to_char(o.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS since
      FROM ${operations}
      WHERE o.status IN ('open', 'challenged', 'pending') AND (${resting} OR (
        o.kind <> 'cancel'
        AND o.opened_at < CASE WHEN o.status = 'challenged' THEN ${challengedOverdue}::timestamptz ELSE ${overdue} END
        AND NOT EXISTS (SELECT FROM escalations c WHERE c.operation_id = o.id AND c.kind = 'unanswered')))
      LIMIT 50`;
  },
  tell: ({ payment, operation, kind, status, currency, amount, since }) =>
    `The ${kind} ${shown('operation', operation)} of ${shown('payment', payment)}, ${money(amount, currency)}, ` +
    `is ${status} since ${since} UTC.`,
});

interface Left extends Wrong {
  payment: string;
  state: string;
}

/** Write, call, write: whatever is under way has a row that says what to do next. */
const somebodyIsNext = ofDatabase<Left>({
  id: 'I11c',
  says: 'A payment under way has an operation without answer, a place in the queue, a hold to settle, or a case.',
  rest: false,
  find: ({ sql, payments }) => sql<Left[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state
    FROM ${payments}
    WHERE (p.state IN ('payment_method_captured', 'tokenized')
      OR p.state IN ('risk_checked', 'authorized', 'capture_pending')
      AND (p.state <> 'risk_checked' OR p.try_at IS NULL) AND (p.state <> 'authorized' OR p.held_until IS NULL)
      AND NOT EXISTS (SELECT FROM operations o WHERE o.payment_id = p.id
        AND o.status IN ('open', 'challenged', 'pending') AND o.kind IN ('authorize', 'capture', 'void')
        AND o.against IS NULL)
      AND NOT EXISTS (SELECT FROM escalations c WHERE c.payment_id = p.id AND c.kind = 'stuck' AND c.closed_at IS NULL))
    LIMIT 50`,
  tell: ({ payment, state }) => `${shown('payment', payment)} is ${state}, and nothing says what comes next.`,
});

interface Late extends Wrong {
  payment: string;
  what: string;
  until: string;
}

const onTime = ofDatabase<Late>({
  id: 'I11d',
  says: 'A payment that waits for a provider is tried or given up in time, and a hold is settled before it ends.',
  rest: true,
  find({ sql, payments, now }) {
    const before = new Date(now.getTime() - roundWithin);
    return sql<Late[]>`
      SELECT p.id AS payment, p.merchant_id AS merchant,
        CASE WHEN p.queued_until < ${before} THEN 'waits in the queue' ELSE 'is held' END AS what,
        to_char(least(p.queued_until, p.held_until) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS until
      FROM ${payments}
      WHERE p.queued_until < ${before} OR p.held_until < ${before} AND NOT EXISTS (
        SELECT FROM operations o WHERE o.payment_id = p.id AND o.status IN ('open', 'challenged', 'pending'))
      LIMIT 50`;
  },
  tell: ({ payment, what, until }) =>
    `${shown('payment', payment)} ${what} although its time was over at ${until} UTC.`,
});

interface Stray extends Wrong {
  payment: string;
  currency: string;
  stray: string;
  known: string;
}

const strayIsKnown = ofDatabase<Stray>({
  id: 'I11e',
  says: 'Stray money is before a person until it is back: what is stray of a payment is what its open cases add up to.',
  rest: false,
  find: ({ sql, payments }) => sql<Stray[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.currency, p.stray::text, coalesce(c.known, 0)::text AS known
    FROM ${payments}
    LEFT JOIN (
      SELECT payment_id, sum(at_risk) AS known FROM escalations
      WHERE kind = 'stray' AND closed_at IS NULL GROUP BY payment_id
    ) c ON c.payment_id = p.id
    WHERE p.stray <> coalesce(c.known, 0)
    LIMIT 50`,
  tell: ({ payment, currency, stray, known }) =>
    `${shown('payment', payment)} has ${money(stray, currency)} stray, and people are asked to look after ` +
    `${money(known, currency)} of it.`,
});

interface Unread extends Wrong {
  provider: string;
  id: string;
}

const inboxIsEmpty = ofDatabase<Unread>({
  id: 'I11f',
  says: 'Every webhook of a provider that was taken in is dealt with.',
  rest: true,
  find: ({ sql, quiet }) => sql<Unread[]>`
    SELECT w.payment_id AS payment, w.merchant_id AS merchant, w.provider, w.id
    FROM provider_webhooks w WHERE w.status = 'received' AND w.received_at < ${quiet} LIMIT 50`,
  tell: ({ provider, id }) => `The webhook ${id} of ${provider} was taken in, and nobody has dealt with it.`,
});

export const waiting = [answered, somebodyIsNext, onTime, strayIsKnown, inboxIsEmpty];
