import { ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Folded extends Wrong {
  payment: string;
  currency: string;
  what: string;
  column: string;
  log: string;
}

/** Amounts of a payment beside what its log adds up to, in the order of the log. */
const amounts = ofDatabase<Folded>({
  id: 'I5a',
  says: 'What a payment has authorised, captured, refunded, charged back and settled is what its log adds up to.',
  rest: false,
  find: ({ sql, payments, events }) => sql<Folded[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.currency, pair.what, pair.own::text AS column, pair.log::text
    FROM ${payments}
    JOIN (
      SELECT e.payment_id,
        sum(e.amount) FILTER (WHERE e.trigger = 'create') AS amount,
        sum(e.amount) FILTER (WHERE e.trigger = 'authorize') AS authorized,
        sum(e.amount) FILTER (WHERE e.trigger = 'capture') AS captured,
        sum(CASE WHEN e.trigger IN ('partial_refund', 'refund_all') THEN e.amount ELSE -e.amount END) FILTER (
          WHERE e.trigger IN ('partial_refund', 'refund_all', 'refund_undone', 'undo_refund', 'undo_settled_refund')
        ) AS refunded,
        sum(e.amount) FILTER (WHERE e.trigger = 'chargeback') AS charged_back,
        sum(e.amount) FILTER (WHERE e.trigger IN ('reconcile', 'settled')) AS settled
      FROM ${events} GROUP BY e.payment_id
    ) l ON l.payment_id = p.id
    CROSS JOIN LATERAL (VALUES
      ('asked for', p.amount, coalesce(l.amount, 0)),
      ('authorised', p.authorized, coalesce(l.authorized, 0)),
      ('captured', p.captured, coalesce(l.captured, 0)),
      ('refunded', p.refunded, coalesce(l.refunded, 0)),
      ('charged back', p.charged_back, least(coalesce(l.charged_back, 0), p.captured)),
      ('settled', coalesce(p.reconciled, 0), coalesce(l.settled, 0))
    ) AS pair (what, own, log)
    WHERE pair.own <> pair.log
    LIMIT 50`,
  tell: ({ payment, currency, what, column, log }) =>
    `${shown('payment', payment)} has ${money(column, currency)} ${what}, ` +
    `and its log adds up to ${money(log, currency)}.`,
});

export const folded = [amounts];
