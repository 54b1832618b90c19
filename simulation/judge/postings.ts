import { ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Unbalanced extends Wrong {
  payment: string;
  id: string;
  kind: string;
  debit: string;
  credit: string;
  amount: string;
  currency: string;
}

/** `kind debit credit`: the ledger's whole book of rules. */
const accounts = [
  'authorization authorizations authorization_holds',
  'release authorization_holds authorizations',
  'capture receivable merchant_payable',
  'fee fees receivable',
  'refund merchant_payable receivable',
  'refund_undone receivable merchant_payable',
];

const balanced = ofDatabase<Unbalanced>({
  id: 'I5b',
  says: 'A posting takes one amount above nothing from one account to another, in the currency of its payment.',
  rest: false,
  find: ({ sql, postings }) => sql<Unbalanced[]>`
    SELECT x.payment_id AS payment, x.merchant_id AS merchant, x.id, x.kind, x.debit, x.credit, x.amount::text,
      x.currency
    FROM ${postings} LEFT JOIN payments p ON p.id = x.payment_id
    WHERE x.amount <= 0 OR p.currency IS DISTINCT FROM x.currency
      OR x.kind || ' ' || x.debit || ' ' || x.credit <> ALL (${accounts}::text[])
    LIMIT 50`,
  tell: ({ payment, id, kind, debit, credit, amount, currency }) =>
    `${shown('posting', id)} of ${shown('payment', payment)} posts ${money(amount, currency)} as ${kind}, ` +
    `from ${credit} to ${debit}.`,
});

interface Unlike extends Wrong {
  payment: string;
  seq: number;
  kind: string;
  currency: string;
  posted: string | null;
  due: string | null;
}

const asLogged = ofDatabase<Unlike>({
  id: 'I5c',
  says: 'What the log says was authorised, released, captured, refunded or undone is posted once, at its event.',
  rest: false,
  find: ({ sql, events, postings }) => sql<Unlike[]>`
    SELECT coalesce(due.payment_id, posted.payment_id) AS payment, p.merchant_id AS merchant, p.currency,
      coalesce(due.seq, posted.seq) AS seq, coalesce(due.kind, posted.kind) AS kind, posted.amount::text AS posted,
      due.amount::text AS due
    FROM (
      SELECT e.payment_id, e.seq, line.kind, line.amount
      FROM ${events}
      JOIN payments p ON p.id = e.payment_id
      LEFT JOIN operations o ON o.id = e.operation_id AND e.trigger = 'capture'
      CROSS JOIN LATERAL (VALUES
        ('authorization', CASE WHEN e.trigger = 'authorize' THEN e.amount END),
        ('release', CASE WHEN e.trigger IN ('capture', 'void') THEN p.authorized END),
        ('capture', CASE WHEN e.trigger = 'capture' THEN e.amount END),
        ('fee', CASE WHEN e.trigger = 'capture' AND o.fee > 0 THEN o.fee END),
        ('refund', CASE WHEN e.trigger IN ('partial_refund', 'refund_all') THEN e.amount END),
        ('refund_undone',
          CASE WHEN e.trigger IN ('refund_undone', 'undo_refund', 'undo_settled_refund') THEN e.amount END)
      ) AS line (kind, amount)
      WHERE e.trigger IN ('authorize', 'capture', 'void', 'partial_refund', 'refund_all', 'refund_undone',
        'undo_refund', 'undo_settled_refund') AND line.amount IS NOT NULL
    ) due
    FULL JOIN (
      SELECT x.payment_id, x.seq, x.kind, sum(x.amount) AS amount FROM ${postings} GROUP BY x.payment_id, x.seq, x.kind
    ) posted ON posted.payment_id = due.payment_id AND posted.seq = due.seq AND posted.kind = due.kind
    LEFT JOIN payments p ON p.id = coalesce(due.payment_id, posted.payment_id)
    WHERE due.amount IS DISTINCT FROM posted.amount
    LIMIT 50`,
  tell: ({ payment, seq, kind, currency, posted, due }) =>
    `Event ${seq} of ${shown('payment', payment)} asks for ${money(due, currency)} to be posted as ${kind}, ` +
    `and ${money(posted, currency)} is.`,
});

export const postings = [balanced, asLogged];
