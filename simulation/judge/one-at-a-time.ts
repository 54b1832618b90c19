import { ofDatabase, type Wrong } from './invariant.ts';
import { shown } from './shown.ts';

interface Several extends Wrong {
  payment: string;
  intent: string;
  several: string[];
}

const oneLivePayment = ofDatabase<Several>({
  id: 'I1a',
  says: 'An intent has at most one payment that may take or hold money.',
  rest: false,
  find: ({ sql, payments }) => sql<Several[]>`
    SELECT min(p.id::text) AS payment, min(p.merchant_id::text) AS merchant, p.intent_id AS intent,
      array_agg(p.id::text ORDER BY p.id) AS several
    FROM ${payments} WHERE p.state NOT IN ('failed', 'voided') GROUP BY p.intent_id HAVING count(*) > 1 LIMIT 50`,
  tell({ intent, several }) {
    const payments = several.map((id) => shown('payment', id)).join(', ');
    return `${shown('intent', intent)} has ${several.length} live payments: ${payments}.`;
  },
});

interface Beside extends Wrong {
  payment: string;
  operations: string[];
}

const named = (operations: readonly string[]) =>
  operations.map((text) => text.replace(/\S+$/, (id) => shown('operation', id))).join(', ');

const oneUnclosedMove = ofDatabase<Beside>({
  id: 'I1b',
  says: 'At most one authorisation, capture or void of a payment waits for its answer.',
  rest: false,
  find: ({ sql, operations }) => sql<Beside[]>`
    SELECT o.payment_id AS payment, min(o.merchant_id::text) AS merchant,
      array_agg(o.kind || ' ' || o.id ORDER BY o.id) AS operations
    FROM ${operations}
    WHERE o.kind IN ('authorize', 'capture', 'void') AND o.against IS NULL
      AND o.status IN ('open', 'challenged', 'pending')
    GROUP BY o.payment_id HAVING count(*) > 1 LIMIT 50`,
  tell: ({ payment, operations }) => `${shown('payment', payment)} waits for ${named(operations)} at once.`,
});

// What gives stray money back runs beside the payment's own way, and is judged with it.
const neverBoth = ofDatabase<Beside>({
  id: 'I3a',
  says: 'A payment has at most one accepted authorisation, one accepted capture, and no void beside it.',
  rest: false,
  find: ({ sql, operations }) => sql<Beside[]>`
    SELECT o.payment_id AS payment, min(o.merchant_id::text) AS merchant,
      array_agg(o.kind || ' ' || o.id ORDER BY o.id) AS operations
    FROM ${operations}
    WHERE o.status = 'accepted' AND o.kind IN ('authorize', 'capture', 'void') AND o.against IS NULL
    GROUP BY o.payment_id
    HAVING count(*) FILTER (WHERE o.kind = 'authorize') > 1 OR count(*) FILTER (WHERE o.kind <> 'authorize') > 1
    LIMIT 50`,
  tell: ({ payment, operations }) => `${shown('payment', payment)} has ${named(operations)}, all accepted.`,
});

export const oneAtATime = [oneLivePayment, oneUnclosedMove, neverBoth];
