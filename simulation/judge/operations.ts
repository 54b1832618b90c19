import { ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Untold extends Wrong {
  payment: string;
  operation: string;
  kind: string;
  status: string;
  currency: string;
  amount: string;
  events: number;
  logged: string | null;
}

/** What the log says of an operation that was accepted; a cancel moves no money. */
const acceptedIsLogged = ofDatabase<Untold>({
  id: 'I7a',
  says: 'Money that an operation moved is in the log once, with its amount; what moved none is not there.',
  rest: false,
  find: ({ sql, operations, events }) => sql<Untold[]>`
    SELECT o.payment_id AS payment, o.merchant_id AS merchant, o.id AS operation, o.kind, o.status, o.currency,
      o.amount::text, coalesce(told.events, 0) AS events, told.amount::text AS logged
    FROM ${operations}
    LEFT JOIN (
      SELECT e.operation_id, count(*)::int AS events, sum(e.amount) AS amount
      FROM ${events}
      WHERE e.operation_id IS NOT NULL AND e.trigger IN ('authorize', 'capture', 'void', 'partial_refund', 'refund_all',
        'stray_returned', 'foreign_effect')
      GROUP BY e.operation_id
    ) told ON told.operation_id = o.id
    WHERE o.kind <> 'cancel' AND CASE WHEN o.status = 'accepted'
        THEN told.events IS DISTINCT FROM 1 OR told.amount IS DISTINCT FROM o.amount
        ELSE told.events > 0 END
    LIMIT 50`,
  tell: ({ payment, operation, kind, status, currency, amount, events, logged }) =>
    `The ${kind} ${shown('operation', operation)} of ${shown('payment', payment)} is ${status} with ` +
    `${money(amount, currency)}, and the log tells of it ${events} times, with ${money(logged, currency)}.`,
});

interface Unfounded extends Wrong {
  payment: string;
  seq: number;
  trigger: string;
}

// A void may be two people's word, and a chargeback is nobody's operation.
const loggedHasOperation = ofDatabase<Unfounded>({
  id: 'I7f',
  says: 'An event is about an operation that is there, of the same payment; where money moved it names it.',
  rest: false,
  find: ({ sql, events }) => sql<Unfounded[]>`
    SELECT e.payment_id AS payment, e.merchant_id AS merchant, e.seq, e.trigger
    FROM ${events} LEFT JOIN operations o ON o.id = e.operation_id
    WHERE e.operation_id IS NOT NULL AND o.payment_id IS DISTINCT FROM e.payment_id
      OR e.operation_id IS NULL AND e.trigger IN ('authorize', 'capture', 'partial_refund', 'refund_all',
        'refund_undone', 'undo_refund', 'undo_settled_refund', 'late_effect', 'foreign_effect', 'stray_returned',
        'reconcile', 'settled', 'refund_settled')
    LIMIT 50`,
  tell: ({ payment, seq, trigger }) =>
    `Event ${seq} of ${shown('payment', payment)}, '${trigger}', ` +
    'is about an operation that this payment does not have.',
});

interface Unclosed extends Wrong {
  payment: string;
  state: string;
  operation: string;
  kind: string;
  status: string;
}

const endedIsClosed = ofDatabase<Unclosed>({
  id: 'I11a',
  says: 'A payment that failed or was voided waits for no answer, but for what gives stray money back.',
  rest: false,
  find: ({ sql, payments }) => sql<Unclosed[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state, o.id AS operation, o.kind, o.status
    FROM ${payments} JOIN operations o ON o.payment_id = p.id
    WHERE p.state IN ('failed', 'voided') AND o.status IN ('open', 'challenged', 'pending')
      AND (o.against IS NULL OR o.kind = 'cancel')
    LIMIT 50`,
  tell: ({ payment, state, operation, kind, status }) =>
    `${shown('payment', payment)} is ${state}, and its ${kind} ${shown('operation', operation)} is ${status}.`,
});

const closedHasTime = ofDatabase<Unclosed>({
  id: 'I4d',
  says: 'An operation has a closing time if and only if it is accepted, refused or absent.',
  rest: false,
  find: ({ sql, operations }) => sql<Unclosed[]>`
    SELECT o.payment_id AS payment, o.merchant_id AS merchant, '' AS state, o.id AS operation, o.kind, o.status
    FROM ${operations}
    WHERE (o.closed_at IS NOT NULL) <> (o.status IN ('accepted', 'refused', 'absent'))
      OR o.status NOT IN ('open', 'challenged', 'pending', 'accepted', 'refused', 'absent')
    LIMIT 50`,
  tell: ({ payment, operation, kind, status }) =>
    `The ${kind} ${shown('operation', operation)} of ${shown('payment', payment)} is ${status}, ` +
    `and its closing time says otherwise.`,
});

export const operations = [acceptedIsLogged, loggedHasOperation, closedHasTime, endedIsClosed];
