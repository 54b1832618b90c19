import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { readId } from '#server/kernel/id.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { PaymentFilter, PaymentRow, PaymentState } from './view.ts';

export interface Page {
  filter?: PaymentFilter;
  /** The last id of the page before; exclusive. */
  after?: string;
  /** 1 to 100. */
  limit: number;
}

/**
 * A merchant's payments, newest first, by keyset: ids sort by time, and a deep page costs what the first one costs.
 * Read from the model that follows the log, so a moment behind the payments themselves.
 */
export async function list(sql: RawSql, caller: Caller, { filter = {}, after, limit }: Page) {
  requirePermission(caller, 'payments:read');
  const size = Math.min(Math.max(limit, 1), 100);
  const found = await sql<ListRow[]>`
    SELECT p.id, p.intent_id, p.state, p.amount, p.captured, p.refunded, p.currency, p.card_brand, p.card_last4,
      p.card_exp_month, p.card_exp_year, p.provider, p.failure_code, p.created_at, p.reference, p.receipt_email,
      p.waiting_since
    FROM payment_rows p
    WHERE p.merchant_id = ${caller.merchantId} ${conditions(sql, filter)} ${after ? sql`AND p.id < ${after}` : sql``}
    ORDER BY p.id DESC LIMIT ${size + 1}`;
  const rows = found.slice(0, size).map(rowOf);
  return { rows, next: found.length > size ? (rows.at(-1)?.id ?? null) : null };
}

function conditions(sql: RawSql, filter: PaymentFilter) {
  const { states, currency, provider, amountFrom, amountTo, createdFrom, createdTo, last4, search } = filter;
  return sql`
    ${states && states.length > 0 ? sql`AND p.state IN ${sql(states)}` : sql``}
    ${currency ? sql`AND p.currency = ${currency}` : sql``}
    ${provider ? sql`AND p.provider = ${provider}` : sql``}
    ${amountFrom === undefined ? sql`` : sql`AND p.amount >= ${amountFrom}`}
    ${amountTo === undefined ? sql`` : sql`AND p.amount <= ${amountTo}`}
    ${createdFrom ? sql`AND p.created_at >= ${createdFrom}` : sql``}
    ${createdTo ? sql`AND p.created_at <= ${createdTo}` : sql``}
    ${last4 ? sql`AND p.card_last4 = ${last4}` : sql``}
    ${search ? matching(sql, search.trim()) : sql``}`;
}

/** Exact: a payment's or an intent's id, the merchant's reference, or an e-mail address. */
function matching(sql: RawSql, text: string) {
  const payment = readId('payment', text);
  if (payment) return sql`AND p.id = ${payment}`;
  const intent = readId('intent', text);
  if (intent) return sql`AND p.intent_id = ${intent}`;
  return sql`AND (p.reference = ${text} OR lower(p.receipt_email) = lower(${text}))`;
}

function rowOf(row: ListRow): PaymentRow {
  const { card_brand: brand, card_last4: last4, card_exp_month: expMonth, card_exp_year: expYear } = row;
  const whole = brand !== null && last4 !== null && expMonth !== null && expYear !== null;
  return {
    id: row.id,
    intentId: row.intent_id,
    state: row.state,
    amount: row.amount,
    captured: row.captured,
    refunded: row.refunded,
    currency: row.currency,
    card: whole ? { brand, last4, expMonth, expYear } : null,
    provider: row.provider,
    reference: row.reference,
    receiptEmail: row.receipt_email,
    failureCode: row.failure_code,
    waitingSince: row.waiting_since,
    createdAt: row.created_at,
  };
}

interface ListRow {
  id: string;
  intent_id: string;
  state: PaymentState;
  amount: bigint;
  captured: bigint;
  refunded: bigint;
  currency: Currency;
  card_brand: string | null;
  card_last4: string | null;
  card_exp_month: number | null;
  card_exp_year: number | null;
  provider: string | null;
  failure_code: string | null;
  created_at: Date;
  reference: string | null;
  receipt_email: string | null;
  waiting_since: Date | null;
}
