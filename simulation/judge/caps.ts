import { ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Amounts extends Wrong {
  payment: string;
  state: string;
  currency: string;
  amount: string;
  authorized: string;
  captured: string;
  refunded: string;
  reserved: string;
  chargedBack: string;
  settled: string | null;
}

function amounts({ currency, ...row }: Amounts): string {
  const of = (minor: string) => money(minor, currency);
  const settled = row.settled === null ? '' : `, ${of(row.settled)} settled`;
  return (
    `of ${of(row.amount)}, with ${of(row.authorized)} authorised, ${of(row.captured)} captured, ${of(row.refunded)} ` +
    `refunded, ${of(row.reserved)} reserved for refunds and ${of(row.chargedBack)} charged back${settled}`
  );
}

const caps = ofDatabase<Amounts>({
  id: 'I2a',
  says: 'No more is captured than authorised, and no more refunded, reserved or charged back than captured or settled.',
  rest: false,
  find: ({ sql, payments }) => sql<Amounts[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state, p.currency, p.amount::text, p.authorized::text,
      p.captured::text, p.refunded::text, p.refund_reserved::text AS reserved, p.charged_back::text AS "chargedBack",
      p.reconciled::text AS settled
    FROM ${payments}
    WHERE p.authorized > p.amount OR p.captured > p.authorized OR p.refunded + p.refund_reserved > p.captured
      OR p.refunded + p.refund_reserved > p.reconciled OR p.charged_back > p.captured
      OR least(p.authorized, p.captured, p.refunded, p.refund_reserved, p.charged_back, p.stray, p.reconciled) < 0
    LIMIT 50`,
  tell: (row) => `${shown('payment', row.payment)} is a payment ${amounts(row)}.`,
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
  tell({ payment, currency, reserved, unclosed }) {
    const [kept, asked] = [money(reserved, currency), money(unclosed, currency)];
    return `${shown('payment', payment)} reserves ${kept} for refunds, and ${asked} is under way.`;
  },
});

// "Live": it may still take money, or holds it.
const amountsOfState = ofDatabase<Amounts & { live: boolean }>({
  id: 'I2c',
  says: 'The state of a payment and its amounts agree: nothing before it is authorised, all back when it is refunded.',
  rest: false,
  find: ({ sql, payments }) => sql<(Amounts & { live: boolean })[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state, p.currency, p.amount::text, p.authorized::text,
      p.captured::text, p.refunded::text, p.refund_reserved::text AS reserved, p.charged_back::text AS "chargedBack",
      p.reconciled::text AS settled, p.live
    FROM ${payments}
    WHERE p.live <> (p.state NOT IN ('failed', 'voided')) OR NOT coalesce(CASE
      WHEN p.state IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'failed')
        THEN p.authorized = 0 AND p.captured = 0 AND p.refunded = 0
      WHEN p.state IN ('authorized', 'capture_pending', 'voided')
        THEN p.authorized > 0 AND p.captured = 0 AND p.refunded = 0
      WHEN p.state = 'captured' THEN p.captured > 0 AND p.refunded < p.captured
      WHEN p.state = 'reconciled' THEN p.captured > 0 AND p.refunded < p.captured AND p.reconciled IS NOT NULL
      WHEN p.state = 'refunded' THEN p.captured > 0 AND p.refunded = p.captured END, false)
    LIMIT 50`,
  tell: ({ live, ...row }) =>
    `${shown('payment', row.payment)} is ${row.state} and marked as ${live ? 'live' : 'ended'}, ${amounts(row)}.`,
});

export const capped = [caps, reserve, amountsOfState];
