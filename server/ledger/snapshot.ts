import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';

export interface SnapshotSeams {
  sql: RawSql;
  transact: Transact;
  clock: Clock;
}

/** Milliseconds after a day's end until it is added up: those who are at work on its postings have written them. */
const margin = 15 * 60_000;

/** Days on record that are added up once more with a new one: whose clock was late has written into them since. */
const again = 2;

/**
 * Puts on record what each account held at the end of each day, in UTC, that is over and was not added up yet, and anew
 * of the two before. Each day is the one before and what was posted in it; made again it comes out the same.
 *
 * @returns  How many days are on record that were not before, at most `limit`.
 */
export async function snapshot({ sql, transact, clock }: SnapshotSeams, limit: number): Promise<number> {
  const now = clock.now();
  const days = await sql<{ day: string; is_new: boolean }[]>`
    WITH known AS (SELECT max(day) AS last FROM ledger_days),
    span AS (
      SELECT coalesce(known.last - ${again - 1}::int, (SELECT min(at) AT TIME ZONE 'UTC' FROM postings)::date) AS first,
        (${new Date(now.getTime() - margin)} AT TIME ZONE 'UTC')::date - 1 AS last, known.last AS known FROM known)
    SELECT to_char(day, 'YYYY-MM-DD') AS day, known IS NULL OR day > known AS is_new
    FROM span, generate_series(first::timestamp, last, '1 day') AS day
    ORDER BY day LIMIT ${limit + again}`;
  if (!days.some(({ is_new }) => is_new)) return 0;
  for (const { day } of days) await transact('ledger.snapshot', (tx) => addUp(tx, day, now), { writesOnce: true });
  return days.filter(({ is_new }) => is_new).length;
}

/** One statement, and it writes only when all is added up: a transaction that writes for long holds up the log. */
function addUp(tx: RawSql, day: string, now: Date) {
  return tx`
    WITH before AS MATERIALIZED (
      SELECT max(day) AS day, coalesce((max(day) + 1)::timestamp AT TIME ZONE 'UTC', '-infinity') AS since
      FROM ledger_days WHERE day < ${day}),
    moved AS MATERIALIZED (
      SELECT merchant_id, provider, currency, debit, credit, sum(amount) AS amount FROM postings
      WHERE at >= (SELECT since FROM before) AND at < (${day}::date + 1)::timestamp AT TIME ZONE 'UTC'
      GROUP BY merchant_id, provider, currency, debit, credit),
    made AS (
      INSERT INTO ledger_snapshots AS s (day, merchant_id, provider, currency, account, debits, credits)
      SELECT ${day}::date, merchant_id, provider, currency, account, sum(debits), sum(credits) FROM (
        SELECT merchant_id, provider, currency, account, debits, credits FROM ledger_snapshots
        WHERE day = (SELECT day FROM before)
        UNION ALL SELECT merchant_id, provider, currency, debit, amount, 0 FROM moved
        UNION ALL SELECT merchant_id, provider, currency, credit, 0, amount FROM moved) all_of_it
      GROUP BY merchant_id, provider, currency, account
      ON CONFLICT (day, merchant_id, provider, currency, account)
        DO UPDATE SET debits = excluded.debits, credits = excluded.credits
        WHERE s.debits <> excluded.debits OR s.credits <> excluded.credits
      RETURNING 1)
    INSERT INTO ledger_days (day, made_at) SELECT ${day}::date, ${now} WHERE (SELECT count(*) FROM made) >= 0
    ON CONFLICT (day) DO UPDATE SET made_at = excluded.made_at`;
}
