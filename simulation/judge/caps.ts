import { ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Amounts extends Wrong {
  payment: string;
  currency: string;
  amount: string;
  authorized: string;
  captured: string;
  refunded: string;
  reserved: string;
  chargedBack: string;
  settled: string | null;
}

const caps = ofDatabase<Amounts>({
  id: 'I2a',
  says: 'No more is captured than authorised, no more refunded, reserved or charged back than captured, nor than settled.',
  rest: false,
  find: ({ sql, payments }) => sql<Amounts[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.currency, p.amount::text, p.authorized::text, p.captured::text,
      p.refunded::text, p.refund_reserved::text AS reserved, p.charged_back::text AS "chargedBack",
      p.reconciled::text AS settled
    FROM ${payments}
    WHERE p.authorized > p.amount OR p.captured > p.authorized OR p.refunded + p.refund_reserved > p.captured
      OR p.refunded + p.refund_reserved > p.reconciled OR p.charged_back > p.captured
      OR least(p.authorized, p.captured, p.refunded, p.refund_reserved, p.charged_back, p.stray, p.reconciled) < 0
    LIMIT 50`,
  tell(row) {
    const of = (minor: string | null) => money(minor, row.currency);
    return (
      `${shown('payment', row.payment)} of ${of(row.amount)} has ${of(row.authorized)} authorised, ` +
      `${of(row.captured)} captured, ${of(row.refunded)} refunded, ${of(row.reserved)} reserved for refunds and ` +
      `${of(row.chargedBack)} charged back${row.settled === null ? '' : `, ${of(row.settled)} settled`}.`
    );
  },
});

interface Reserve extends Wrong {
  payment: string;
  currency: string;
  reserved: string;
  unclosed: string;
}

const reserve = ofDatabase<Reserve>({
  id: 'I2b',
  says: 'What is reserved for refunds is the sum of the refunds that have no answer yet.',
  rest: false,
  find: ({ sql, payments }) => sql<Reserve[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.currency, p.refund_reserved::text AS reserved,
      coalesce(r.unclosed, 0)::text AS unclosed
    FROM ${payments}
    LEFT JOIN (
      SELECT payment_id, sum(amount) AS unclosed FROM operations
      WHERE kind = 'refund' AND against IS NULL AND status IN ('open', 'challenged', 'pending') GROUP BY payment_id
    ) r ON r.payment_id = p.id
    WHERE p.refund_reserved <> coalesce(r.unclosed, 0)
    LIMIT 50`,
  tell: ({ payment, currency, reserved, unclosed }) =>
    `${shown('payment', payment)} reserves ${money(reserved, currency)} for refunds, and ${money(unclosed, currency)} is under way.`,
});

export const capped = [caps, reserve];
