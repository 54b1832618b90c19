import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { isOnlyMerchant } from '#server/auth/merchants.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { AlertKind, AlertView, Telling } from '../alerts.ts';
import { shownAddress } from './shown-address.ts';

const most = 100;

interface AlertRow extends Omit<AlertView, 'acknowledged' | 'told' | 'installationTold'> {
  acknowledgedAt: Date | null;
  acknowledgedByName: string | null;
}

interface TellingRow extends Omit<Telling, 'standing'> {
  alertId: string;
  /** Null where the receiver is the installation's. */
  merchantId: string | null;
  delivered: boolean;
  gaveUp: boolean;
}

/** Who looks, and whether the installation's own alerts are theirs. */
export interface Sight {
  caller: Caller;
  whole: boolean;
}

/**
 * What concerns the whole installation is a merchant's only where it has no other: of two, neither is to know what the
 * other's traffic does, nor who there has seen to it. The installation's own receivers are told in any case.
 */
export async function sightOf(sql: RawSql, caller: Caller): Promise<Sight> {
  const owner = caller.kind === 'staff' && caller.role === 'owner';
  return { caller, whole: owner && (await isOnlyMerchant(sql, caller.merchantId)) };
}

/** Which alerts may be known of. */
export function visibleTo(sql: RawSql, { caller, whole }: Sight) {
  return sql`shown_since IS NOT NULL
    AND (merchant_id = ${caller.merchantId} OR (merchant_id IS NULL AND ${whole}))`;
}

export async function listAlerts(sql: RawSql, caller: Caller, filter: { open?: boolean }): Promise<AlertView[]> {
  requirePermission(caller, 'operations:read');
  const wanted = filter.open === undefined ? sql`` : sql`AND (resolved_at IS NULL) = ${filter.open}`;
  const sight = await sightOf(sql, caller);
  const rows = await sql<AlertRow[]>`
    SELECT ${columns(sql)} FROM alerts WHERE ${visibleTo(sql, sight)} ${wanted} ORDER BY id DESC LIMIT ${most}`;
  return withTold(sql, caller, rows);
}

/** One of them, or undefined where the caller has no such alert. */
export async function alertById(sql: RawSql, sight: Sight, alertId: string): Promise<AlertView | undefined> {
  const rows = await sql<AlertRow[]>`
    SELECT ${columns(sql)} FROM alerts WHERE id = ${alertId} AND ${visibleTo(sql, sight)}`;
  const [view] = await withTold(sql, sight.caller, rows);
  return view;
}

export async function countUnseen(sql: RawSql, caller: Caller): Promise<number> {
  requirePermission(caller, 'operations:read');
  const sight = await sightOf(sql, caller);
  const [row] = await sql<{ n: number }[]>`
    SELECT count(*)::int AS n FROM (
      SELECT 1 FROM alerts
      WHERE ${visibleTo(sql, sight)} AND resolved_at IS NULL AND acknowledged_at IS NULL LIMIT ${most}) AS unseen`;
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

async function withTold(sql: RawSql, caller: Caller, rows: AlertRow[]): Promise<AlertView[]> {
  const told = await tellings(
    sql,
    caller,
    rows.map(({ id }) => id),
  );
  return rows.map(({ acknowledgedAt, acknowledgedByName, ...row }) => {
    const news = told.get(row.id) ?? [];
    return {
      ...row,
      acknowledged: acknowledgedAt && { at: acknowledgedAt, by: acknowledgedByName ?? '' },
      told: news.filter(({ merchantId }) => merchantId !== null).map((one) => shownTelling(caller, one)),
      installationTold: news.some(({ merchantId }) => merchantId === null),
    };
  });
}

/** What went to the caller's own people, and to the installation's: nothing of another merchant's. */
async function tellings(sql: RawSql, caller: Caller, alertIds: string[]): Promise<Map<string, TellingRow[]>> {
  const rows = await sql<TellingRow[]>`
    SELECT d.id, d.alert_id AS "alertId", r.merchant_id AS "merchantId", r.channel, r.address, d.news, d.tries,
      d.last_answer AS "lastAnswer", d.delivered_at IS NOT NULL AS delivered, d.gave_up_at IS NOT NULL AS "gaveUp"
    FROM alert_deliveries d JOIN alert_receivers r ON r.id = d.receiver_id
    WHERE d.alert_id = ANY(${alertIds}::uuid[]) AND (r.merchant_id = ${caller.merchantId} OR r.merchant_id IS NULL)
    ORDER BY d.id LIMIT 1000`;
  return Map.groupBy(rows, ({ alertId }) => alertId);
}

function shownTelling(caller: Caller, row: TellingRow): Telling {
  const { alertId: _, merchantId: __, delivered, gaveUp, ...told } = row;
  const standing = delivered ? 'delivered' : gaveUp ? 'given_up' : 'waiting';
  return { ...told, address: shownAddress(caller, row), standing };
}
