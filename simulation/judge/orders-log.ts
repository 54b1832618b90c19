import { ofDatabase, type Wrong } from './invariant.ts';
import { legalOrderSteps, orderBirth } from './order-table.ts';
import { shown } from './shown.ts';

interface Step extends Wrong {
  order: string;
  seq: number;
  before: number | null;
  from: string | null;
  led: string | null;
  trigger: string;
  to: string;
}

const legalPath = ofDatabase<Step>({
  id: 'I4e',
  says: 'The log of an order counts without a gap, in steps that its table allows, each from where the last led.',
  rest: false,
  find: ({ sql }) => sql<Step[]>`
    SELECT NULL AS payment, merchant_id AS merchant, order_id AS order, seq, before, from_state AS from, led, trigger,
      to_state AS to
    FROM (
      SELECT *, lag(seq) OVER path AS before, lag(to_state) OVER path AS led
      FROM order_events WINDOW path AS (PARTITION BY order_id ORDER BY seq)) step
    WHERE seq <> coalesce(before, 0) + 1 OR from_state IS DISTINCT FROM led
      OR CASE WHEN from_state IS NULL THEN trigger || ' ' || to_state <> ${orderBirth}
         ELSE from_state || ' ' || trigger || ' ' || to_state <> ALL (${legalOrderSteps}::text[]) END
    LIMIT 50`,
  tell: ({ order, seq, before, from, led, trigger, to }) =>
    `Event ${seq} of ${shown('order', order)} says '${trigger}' from ${from ?? 'nothing'} to ${to}; ` +
    `event ${before ?? 0} before it led to ${led ?? 'nothing'}.`,
});

interface End extends Wrong {
  order: string;
  state: string;
  version: number;
  ended: string | null;
  last: number | null;
}

const endsInState = ofDatabase<End>({
  id: 'I4f',
  says: 'An order stands where its log ends: in that state, at that version.',
  rest: false,
  find: ({ sql }) => sql<End[]>`
    SELECT NULL AS payment, o.merchant_id AS merchant, o.id AS order, o.state, o.version, e.to_state AS ended,
      e.seq AS last
    FROM orders o
    LEFT JOIN LATERAL (SELECT seq, to_state FROM order_events WHERE order_id = o.id ORDER BY seq DESC LIMIT 1) e ON true
    WHERE e.seq IS DISTINCT FROM o.version OR e.to_state IS DISTINCT FROM o.state
    LIMIT 50`,
  tell: ({ order, state, version, ended, last }) =>
    `${shown('order', order)} is ${state} at version ${version}, ` +
    `but its log ends in ${ended ?? 'nothing'} at ${last ?? 0}.`,
});

export const ordersLog = [legalPath, endsInState];
