import type { RawSql } from '#db/client.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { Account } from './postings.ts';

/** What an account of a merchant at a provider has taken in and given, in minor units of its currency. */
export interface Balance {
  provider: string;
  currency: Currency;
  account: Account;
  debits: bigint;
  credits: bigint;
  /** Debits less credits: what the provider owes us is above nothing, what we owe the merchant below. */
  balance: bigint;
}

/**
 * The balances of a merchant's accounts at a moment, that moment's postings included: of those that were ever posted
 * to, at most 500. The last day that ended before is read from its snapshot, and only what came since is added up.
 */
export async function balances(sql: RawSql, { merchantId, at }: { merchantId: string; at: Date }): Promise<Balance[]> {
  const rows = await sql<Omit<Balance, 'balance'>[]>`
    WITH base AS MATERIALIZED (
      SELECT max(day) AS day, coalesce((max(day) + 1)::timestamp AT TIME ZONE 'UTC', '-infinity') AS since
      FROM ledger_days WHERE (day + 1)::timestamp AT TIME ZONE 'UTC' <= ${at}),
    late AS MATERIALIZED (
      SELECT provider, currency, debit, credit, sum(amount) AS amount FROM postings
      WHERE at >= (SELECT since FROM base) AND at <= ${at} AND merchant_id = ${merchantId}
      GROUP BY provider, currency, debit, credit)
    SELECT provider, currency, account, sum(debits)::bigint AS debits, sum(credits)::bigint AS credits FROM (
      SELECT provider, currency, account, debits, credits FROM ledger_snapshots
      WHERE day = (SELECT day FROM base) AND merchant_id = ${merchantId}
      UNION ALL SELECT provider, currency, debit, amount, 0 FROM late
      UNION ALL SELECT provider, currency, credit, 0, amount FROM late) moved
    GROUP BY provider, currency, account ORDER BY provider, currency, account LIMIT 500`;
  return rows.map((row) => ({ ...row, balance: row.debits - row.credits }));
}
