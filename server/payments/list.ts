import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { Currency } from '#server/kernel/money.ts';
import { byAmount } from './listing/amount.ts';
import { byFacets } from './listing/facets.ts';
import { type Depths, type Reach, stretchOf, timeOf, usual } from './listing/reach.ts';
import { bySearch, kindOf, type SearchKind } from './listing/search.ts';
import { type Walk, walk } from './listing/walk.ts';
import type { PaymentFilter, PaymentRow, PaymentState } from './view.ts';

export interface Page {
  filter?: PaymentFilter;
  /** The last id of the page before; exclusive. */
  after?: string;
  /** What the page before took the search for. */
  searchedAs?: SearchKind;
  /** 1 to 100. */
  limit: number;
}

export interface Listed {
  rows: PaymentRow[];
  /** Where the next page begins, after this id; null where there is none. */
  next: string | null;
  /** Set where looking stopped before the page was full, and all there is was not looked at: up to then. */
  searchedTo: Date | null;
  /** What was searched for was taken for this, where something was. The next page is asked for with it. */
  searchedAs: SearchKind | null;
  /** What was searched for is the end of too many ids: payments that have only such an id are not listed. */
  endsLeftOut: boolean;
}

/**
 * A merchant's payments, newest first, by keyset: ids sort by time, and a deep page costs what the first one costs.
 * Whatever is asked for, so much is looked at and no more; what is rare by several of the filters together may take
 * another page that goes on from there. Read from the model that follows the log, so a moment behind the payments.
 */
export async function list(
  sql: RawSql,
  caller: Caller,
  { filter = {}, after, searchedAs, limit }: Page,
  depths: Depths = usual,
): Promise<Listed> {
  requirePermission(caller, 'payments:read');
  const size = Math.min(Math.max(limit, 1), 100);
  const stretch = stretchOf(caller.merchantId, { ...filter, ...(after === undefined ? {} : { after }) });
  const { ids, lookedTo, ...how } = await find(sql, { ...stretch, filter, wanted: size + 1, depths }, searchedAs);
  const rows = await rowsOf(sql, caller.merchantId, ids.slice(0, size));
  if (ids.length > size) return { rows, next: ids[size - 1] ?? null, searchedTo: null, ...how };
  return { rows, next: lookedTo, searchedTo: lookedTo === null ? null : timeOf(lookedTo), ...how };
}

/** What is searched for leads closer than what is filtered by. */
async function find(sql: RawSql, look: Walk, before: SearchKind | undefined) {
  const text = look.filter.search?.trim();
  if (!text) return { ...(await reachOf(sql, look)), searchedAs: null, endsLeftOut: false };
  const searchedAs = before ?? (await kindOf(sql, text, look));
  return { ...(await bySearch(sql, text, { ...look, searchedAs })), searchedAs };
}

/** By the index that leads closest to what is asked for. */
function reachOf(sql: RawSql, look: Walk): Promise<Reach> {
  const { states, currency, provider, amountFrom, amountTo, last4 } = look.filter;
  if (last4) return walk(sql, sql`row.card_last4 = ${last4}`, look);
  if (amountFrom !== undefined || amountTo !== undefined) return byAmount(sql, look);
  if (states?.length || currency || provider) return byFacets(sql, look);
  return walk(sql, sql`true`, look);
}

async function rowsOf(sql: RawSql, merchantId: string, ids: string[]): Promise<PaymentRow[]> {
  if (ids.length === 0) return [];
  const rows = await sql<ListRow[]>`
    SELECT p.id, p.intent_id, p.state, p.amount, p.captured, p.refunded, p.currency, p.card_brand, p.card_last4,
      p.card_exp_month, p.card_exp_year, p.provider, p.failure_code, p.created_at, p.reference, p.receipt_email,
      p.waiting_since
    FROM payment_rows p WHERE p.merchant_id = ${merchantId} AND p.id = ANY(${ids}::uuid[]) ORDER BY p.id DESC`;
  return rows.map(rowOf);
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
