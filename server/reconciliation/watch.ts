import type { RawSql } from '#db/client.ts';
import type { NewAlert } from '#server/alerts/alerts.ts';
import { dueDay, type SettlementSetting } from './intake/settings.ts';

/** From when on the open differences of a file are worth an alert: any of the three. */
export interface Thresholds {
  count: number;
  /** Minor units, in any one currency. */
  amount: bigint;
  /** Milliseconds since the oldest was found. */
  age: number;
}

export const usualThresholds: Thresholds = { count: 10, amount: 100_000n, age: 3 * 86_400_000 };

interface Open {
  fileId: string | null;
  provider: string;
  leg: 'settlement' | 'bank';
  name: string | null;
  many: number;
  apart: bigint;
  currency: string;
  since: Date;
}

/** Files whose open differences pass a threshold, the oldest first; and what no file has named, by provider. */
export async function differencesOpen(
  sql: RawSql,
  now: Date,
  { count, amount, age }: Thresholds = usualThresholds,
): Promise<NewAlert[]> {
  const rows = await sql<Open[]>`
    WITH sums AS (
      SELECT leg, file_id, provider, currency, count(*)::int AS many, min(opened_at) AS since,
        sum(abs(coalesce(theirs, 0) - coalesce(ours, 0)))::bigint AS apart
      FROM discrepancies WHERE ended_at IS NULL GROUP BY leg, file_id, provider, currency)
    SELECT DISTINCT ON (s.leg, s.file_id, s.provider) s.leg, s.file_id AS "fileId", s.provider, s.currency, s.apart,
      sum(s.many) OVER w::int AS many, min(s.since) OVER w AS since,
      coalesce(f.name, b.name) AS name
    FROM sums s LEFT JOIN settlement_files f ON f.id = s.file_id LEFT JOIN bank_statements b ON b.id = s.file_id
    WINDOW w AS (PARTITION BY s.leg, s.file_id, s.provider)
    ORDER BY s.leg, s.file_id, s.provider, s.apart DESC LIMIT 1000`;
  const oldest = new Date(now.getTime() - age);
  return rows
    .filter((row) => row.many >= count || row.apart >= amount || row.since <= oldest)
    .map((row) => ({
      kind: 'differences_open',
      merchantId: null,
      subject: `${row.leg}:${row.provider}:${row.fileId ?? 'missing'}`,
      title: row.fileId
        ? `Books differ: ${row.name ?? 'a file'} of ${row.provider} has open differences`
        : `Books differ: ${row.provider} has not settled what it accepted`,
      detail: {
        Provider: row.provider,
        ...(row.name !== null && { File: row.name }),
        Differences: String(row.many),
        'Most apart': `${row.apart} minor units of ${row.currency}`,
        'Oldest since': row.since.toISOString(),
      },
      path: '/admin/reconciliation',
    }));
}

const hour = 3_600_000;

/** Expected files that are not here by their time, and files that nobody could deal with for an hour. */
export async function filesLate(
  sql: RawSql,
  now: Date,
  settings: ReadonlyMap<string, Pick<SettlementSetting, 'timeZone' | 'dueAfter'>>,
): Promise<NewAlert[]> {
  const expected = [...settings].map(([provider, setting]) => ({ provider, day: dueDay(setting, now) }));
  const late = await Promise.all(expected.map((one) => lateOf(sql, one)));
  const stuck = await sql<{ id: string; provider: string; name: string; status: string }[]>`
    SELECT id, provider, name, status FROM settlement_files
    WHERE status <> 'posted' AND received_at < ${new Date(now.getTime() - hour)} ORDER BY received_at LIMIT 100`;
  return [
    ...late.flat(),
    ...stuck.map(
      ({ id, provider, name, status }): NewAlert => ({
        kind: 'settlement_late',
        merchantId: null,
        subject: `file:${id}`,
        title: `The settlement file ${name} of ${provider} has not been dealt with for an hour`,
        detail: { Provider: provider, File: name, 'Got as far as': status },
        path: '/admin/reconciliation',
      }),
    ),
  ];
}

/** Nothing is late of a day on which nothing was captured. Days before the provider's first file are nobody's wait. */
async function lateOf(sql: RawSql, { provider, day }: { provider: string; day: string }): Promise<NewAlert[]> {
  const days = await sql<{ day: string }[]>`
    SELECT d.day::date::text AS day
    FROM generate_series(greatest(${day}::date - 6, coalesce((
      SELECT min(f.day) FROM settlement_files f WHERE f.provider = ${provider}), ${day}::date)), ${day}::date,
      interval '1 day') AS d (day)
    WHERE NOT EXISTS (SELECT FROM settlement_files f WHERE f.provider = ${provider} AND f.day = d.day::date)
    ORDER BY 1`;
  const missing: NewAlert[] = [];
  for (const { day: one } of days) {
    if (!(await wasBusy(sql, provider, one))) continue;
    missing.push({
      kind: 'settlement_late',
      merchantId: null,
      subject: `${provider}:${one}`,
      title: `The settlement file of ${provider} for ${one} is late`,
      detail: { Provider: provider, Day: one },
      path: '/admin/reconciliation',
    });
  }
  return missing;
}

/** Whether something was captured there on that day. An operation's id begins with the millisecond of its making. */
async function wasBusy(sql: RawSql, provider: string, day: string): Promise<boolean> {
  const from = Date.parse(`${day}T00:00:00Z`);
  const idAt = (time: number) => {
    const hex = time.toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
  };
  const rows = await sql`
    SELECT FROM operations WHERE id >= ${idAt(from)} AND id < ${idAt(from + 24 * hour)} AND provider = ${provider}
      AND kind = 'capture' AND status = 'accepted' LIMIT 1`;
  return rows.length > 0;
}
