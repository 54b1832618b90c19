import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { AlertKind, AlertView, Telling } from '../alerts.ts';

const most = 100;

interface AlertRow extends Omit<AlertView, 'acknowledged' | 'told'> {
  acknowledgedAt: Date | null;
  acknowledgedByName: string | null;
}

interface TellingRow extends Omit<Telling, 'standing'> {
  alertId: string;
  delivered: boolean;
  gaveUp: boolean;
}

/** Which alerts a caller may know of: its merchant's, and for its owner those that concern everybody. */
export function visibleTo(sql: RawSql, caller: Caller) {
  const owner = caller.kind === 'staff' && caller.role === 'owner';
  return sql`shown_since IS NOT NULL
    AND (merchant_id = ${caller.merchantId} OR (merchant_id IS NULL AND ${owner}))`;
}

export async function listAlerts(sql: RawSql, caller: Caller, filter: { open?: boolean }): Promise<AlertView[]> {
  requirePermission(caller, 'operations:read');
  const wanted = filter.open === undefined ? sql`` : sql`AND (resolved_at IS NULL) = ${filter.open}`;
  const rows = await sql<AlertRow[]>`
    SELECT ${columns(sql)} FROM alerts WHERE ${visibleTo(sql, caller)} ${wanted} ORDER BY id DESC LIMIT ${most}`;
  return withTold(sql, rows);
}

/** One of them, or undefined where the caller has no such alert. */
export async function alertById(sql: RawSql, caller: Caller, alertId: string): Promise<AlertView | undefined> {
  const rows = await sql<AlertRow[]>`
    SELECT ${columns(sql)} FROM alerts WHERE id = ${alertId} AND ${visibleTo(sql, caller)}`;
  const [view] = await withTold(sql, rows);
  return view;
}

export async function countUnseen(sql: RawSql, caller: Caller): Promise<number> {
  requirePermission(caller, 'operations:read');
  const [row] = await sql<{ n: number }[]>`
    SELECT count(*)::int AS n FROM (
      SELECT 1 FROM alerts
      WHERE ${visibleTo(sql, caller)} AND resolved_at IS NULL AND acknowledged_at IS NULL LIMIT ${most}) AS unseen`;
  return row?.n ?? 0;
}

export async function openOf(sql: RawSql, kind: AlertKind, { quietSince }: { quietSince?: Date }) {
  const quiet = quietSince ? sql`AND last_raised_at < ${quietSince}` : sql``;
  return sql<{ subject: string; shown: boolean }[]>`
    SELECT subject, shown_since IS NOT NULL AS shown FROM alerts
    WHERE kind = ${kind} AND resolved_at IS NULL ${quiet} ORDER BY subject LIMIT 1000`;
}

function columns(sql: RawSql) {
  return sql`id, kind, merchant_id AS "merchantId", subject, severity, title, detail, path, times,
    raised_at AS "raisedAt", last_raised_at AS "lastRaisedAt", acknowledged_at AS "acknowledgedAt",
    acknowledged_by_name AS "acknowledgedByName", resolved_at AS "resolvedAt"`;
}

async function withTold(sql: RawSql, rows: AlertRow[]): Promise<AlertView[]> {
  const told = await tellings(
    sql,
    rows.map(({ id }) => id),
  );
  return rows.map(({ acknowledgedAt, acknowledgedByName, ...row }) => ({
    ...row,
    acknowledged: acknowledgedAt && { at: acknowledgedAt, by: acknowledgedByName ?? '' },
    told: told.get(row.id) ?? [],
  }));
}

async function tellings(sql: RawSql, alertIds: string[]): Promise<Map<string, Telling[]>> {
  const rows = await sql<TellingRow[]>`
    SELECT d.alert_id AS "alertId", r.channel, r.address, d.news, d.tries, d.last_answer AS "lastAnswer",
      d.delivered_at IS NOT NULL AS delivered, d.gave_up_at IS NOT NULL AS "gaveUp"
    FROM alert_deliveries d JOIN alert_receivers r ON r.id = d.receiver_id
    WHERE d.alert_id = ANY(${alertIds}::uuid[]) ORDER BY d.id LIMIT 1000`;
  const byAlert = new Map<string, Telling[]>();
  for (const { alertId, delivered, gaveUp, ...row } of rows) {
    const standing = delivered ? 'delivered' : gaveUp ? 'given_up' : 'waiting';
    byAlert.set(alertId, [...(byAlert.get(alertId) ?? []), { ...row, standing }]);
  }
  return byAlert;
}
