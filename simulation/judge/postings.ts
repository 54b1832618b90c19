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
  'fee_reversed receivable fees',
  'chargeback disputes receivable',
  'settlement payouts receivable',
  'settlement receivable payouts',
  'refund_settlement receivable payouts',
  'refund_returned payouts receivable',
  'refund_returned receivable payouts',
  'difference clearing receivable',
  'difference receivable clearing',
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
  says: 'What the log says was authorised, released, captured, given back or settled is posted once, at its event.',
  rest: false,
  find: ({ sql, events, postings }) => sql<Unlike[]>`
    SELECT coalesce(due.payment_id, posted.payment_id) AS payment, p.merchant_id AS merchant, p.currency,
      coalesce(due.seq, posted.seq) AS seq, coalesce(due.kind, posted.kind) AS kind, posted.amount::text AS posted,
      due.amount::text AS due
    FROM (
      SELECT e.payment_id, e.seq, line.kind, line.amount
      FROM ${events}
      JOIN payments p ON p.id = e.payment_id
      LEFT JOIN operations o ON o.id = e.operation_id
        AND e.trigger IN ('capture', 'reconcile', 'settled', 'refund_settled')
      CROSS JOIN LATERAL (
        SELECT e.trigger IN ('reconcile', 'settled') AS capture, e.trigger = 'refund_settled' AS refund,
          e.data ? 'returned' AS returned, e.amount AS theirs, o.amount AS ours, coalesce(o.fee, 0) AS told,
          coalesce((e.data->>'fee')::bigint, 0) AS fee) s
      CROSS JOIN LATERAL (VALUES
        ('authorization', CASE WHEN e.trigger = 'authorize' THEN e.amount END),
        ('release', CASE WHEN e.trigger IN ('capture', 'void') THEN p.authorized END),
        ('capture', CASE WHEN e.trigger = 'capture' THEN e.amount END),
        ('fee', CASE
          WHEN e.trigger = 'capture' THEN nullif(s.told, 0)
          WHEN s.refund OR s.capture AND s.fee <> s.told THEN nullif(s.fee, 0) END),
        ('fee_reversed', CASE WHEN s.capture AND s.fee <> s.told THEN nullif(s.told, 0) END),
        ('refund', CASE WHEN e.trigger IN ('partial_refund', 'refund_all') THEN e.amount END),
        ('refund_undone',
          CASE WHEN e.trigger IN ('refund_undone', 'undo_refund', 'undo_settled_refund') THEN e.amount END),
        -- Before there were settlements nothing was posted of a chargeback.
        ('chargeback', CASE WHEN e.trigger = 'chargeback' AND e.data ? 'books' THEN e.amount END),
        ('settlement', CASE WHEN s.capture THEN nullif(s.theirs - s.fee, 0) END),
        ('refund_settlement', CASE WHEN s.refund AND NOT s.returned THEN s.theirs + s.fee END),
        ('refund_returned', CASE WHEN s.refund AND s.returned THEN nullif(s.theirs - s.fee, 0) END),
        ('difference', CASE
          WHEN s.capture OR s.refund AND s.returned THEN nullif(s.ours - s.theirs, 0)
          WHEN s.refund THEN nullif(s.theirs - s.ours, 0) END)
      ) AS line (kind, amount)
      WHERE e.trigger IN ('authorize', 'capture', 'void', 'partial_refund', 'refund_all', 'refund_undone',
        'undo_refund', 'undo_settled_refund', 'chargeback', 'reconcile', 'settled', 'refund_settled')
        AND line.amount IS NOT NULL
    ) due
    FULL JOIN (
      -- What may go either way has the sign of what a settled capture posts.
      SELECT x.payment_id, x.seq, x.kind, sum(CASE
        WHEN x.kind IN ('settlement', 'refund_returned', 'difference') AND x.debit = 'receivable' THEN -x.amount
        ELSE x.amount END) AS amount
      FROM ${postings} GROUP BY x.payment_id, x.seq, x.kind
    ) posted ON posted.payment_id = due.payment_id AND posted.seq = due.seq AND posted.kind = due.kind
    LEFT JOIN payments p ON p.id = coalesce(due.payment_id, posted.payment_id)
    WHERE due.amount IS DISTINCT FROM posted.amount
    LIMIT 50`,
  tell: ({ payment, seq, kind, currency, posted, due }) =>
    `Event ${seq} of ${shown('payment', payment)} asks for ${money(due, currency)} to be posted as ${kind}, ` +
    `and ${money(posted, currency)} is.`,
});

export const postings = [balanced, asLogged];
