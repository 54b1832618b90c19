import type { RawSql } from '#db/client.ts';
import type { PostingKind } from '#db/schema/ledger.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { Account } from './postings.ts';

/** Of one merchant. What is left out is not asked for. */
export interface EntriesPage {
  merchantId: string;
  account?: Account;
  provider?: string;
  currency?: Currency;
  paymentId?: string;
  /** From this moment on, and until before that one: 31 days until now where they are left out. */
  from?: Date;
  to?: Date;
  /** The last id of the page before. */
  after?: string;
  /** At most 100; 50 where it is left out. */
  limit?: number;
}

/** A posting with its cause. */
export interface Entry {
  id: string;
  at: Date;
  kind: PostingKind;
  debit: Account;
  credit: Account;
  /** Minor units. */
  amount: bigint;
  currency: Currency;
  provider: string;
  /** The posting that it takes back. */
  reverses: string | null;
  paymentId: string;
  /** The event that it belongs to, what happened, by what mouth or verb, and whose. */
  seq: number;
  trigger: string;
  cause: string;
  actor: { kind: string; id: string | null };
  /** Of a settlement: `file:line`. */
  line: string | null;
}

export interface Entries {
  entries: Entry[];
  /** The last id of this page, where there are more. */
  after: string | null;
}

const month = 31 * 86_400_000;
/** Milliseconds by which an id's time may be apart from its posting's. */
const apart = 60_000;

/**
 * A merchant's postings with their causes, newest first. Ids sort by time, so the primary key is what a page is read
 * by, however much there is.
 */
export async function entries(sql: RawSql, page: EntriesPage, now: Date): Promise<Entries> {
  const { merchantId, account = null, provider = null, currency = null, paymentId = null } = page;
  const to = page.to ?? new Date(now.getTime() + 1);
  const from = page.from ?? new Date(to.getTime() - month);
  const limit = Math.min(Math.max(page.limit ?? 50, 1), 100);
  const last = page.after ?? idsUntil(to.getTime() + apart);
  const rows = await sql<EntryRow[]>`
    SELECT x.id, x.at, x.kind, x.debit, x.credit, x.amount, x.currency, x.provider, x.reverses,
      x.payment_id AS "paymentId", x.seq, e.trigger, e.cause, e.actor_kind, e.actor_id, e.data->>'line' AS line
    FROM postings x JOIN events e ON e.payment_id = x.payment_id AND e.seq = x.seq
    WHERE x.id < ${last} AND x.id >= ${idsFrom(from.getTime() - apart)} AND x.at >= ${from} AND x.at < ${to}
      AND x.merchant_id = ${merchantId} AND (${account}::text IS NULL OR ${account} IN (x.debit, x.credit))
      AND (${provider}::text IS NULL OR x.provider = ${provider})
      AND (${currency}::text IS NULL OR x.currency = ${currency})
      AND (${paymentId}::uuid IS NULL OR x.payment_id = ${paymentId})
    ORDER BY x.id DESC LIMIT ${limit + 1}`;
  const shown = rows
    .slice(0, limit)
    .map(({ actor_kind: kind, actor_id: id, ...row }) => ({ ...row, actor: { kind, id } }));
  return { entries: shown, after: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

type EntryRow = Omit<Entry, 'actor'> & { actor_kind: string; actor_id: string | null };

/** The least id that may have been made at this moment: 48 bits of milliseconds, see `kernel/id`. */
function idsFrom(ms: number): string {
  const hex = Math.max(ms, 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function idsUntil(ms: number): string {
  return idsFrom(ms + 1);
}
