import type { RawSql } from '#db/client.ts';
import { isOnlyMerchant } from '#server/auth/merchants.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { AlertKind, NewAlert } from '../alerts.ts';
import { type Rule, ruleFor } from './rules.ts';

export interface Naming {
  clock: Clock;
  ids: Ids;
}

/** Raises inside the caller's transaction: a consumer's effect and its cursor are one. */
export async function raiseIn(tx: RawSql, naming: Naming, alert: NewAlert): Promise<void> {
  const rule = await ruleFor(tx, alert.kind, alert.merchantId);
  if (!rule.enabled) return;
  const row = await count(tx, naming, { alert, rule });
  if (row?.shown || !row?.enough) return;
  await tx`UPDATE alerts SET shown_since = ${naming.clock.now()} WHERE id = ${row.id}`;
  await tellReceivers(tx, naming, { alertId: row.id, merchantId: alert.merchantId, rule });
}

/** Opens the alert or counts it once more. Its row stays locked, so that one raise alone meets the threshold. */
async function count(tx: RawSql, { clock, ids }: Naming, { alert, rule }: { alert: NewAlert; rule: Rule }) {
  const { kind, merchantId, subject, title, detail, path = null } = alert;
  const now = clock.now();
  const since = new Date(now.getTime() - rule.minutes * 60_000);
  const [row] = await tx<{ id: string; shown: boolean; enough: boolean }[]>`
    INSERT INTO alerts AS a (id, kind, merchant_id, subject, severity, title, detail, path, times, raised_at,
      last_raised_at, recent)
    VALUES (${ids()}, ${kind}, ${merchantId}, ${subject}, ${rule.severity}, ${title}, ${JSON.stringify(detail)}::text::json, ${path}, 1,
      ${now}, ${now}, ARRAY[${now}::timestamptz])
    ON CONFLICT (kind, subject) WHERE resolved_at IS NULL DO UPDATE SET
      times = a.times + 1, last_raised_at = excluded.last_raised_at, severity = excluded.severity,
      title = excluded.title, detail = excluded.detail, path = excluded.path,
      recent = (a.recent || excluded.recent)[greatest(1, cardinality(a.recent) + 2 - ${rule.raises}::int) :]
    RETURNING id, shown_since IS NOT NULL AS shown,
      cardinality(recent) >= ${rule.raises}::int AND recent[1] >= ${since} AS enough`;
  return row;
}

interface Whom {
  alertId: string;
  merchantId: string | null;
  rule: Rule;
}

async function tellReceivers(tx: RawSql, { clock, ids }: Naming, whom: Whom): Promise<void> {
  const now = clock.now();
  for (const { id } of await receiversFor(tx, whom)) {
    await tx`
      INSERT INTO alert_deliveries (id, alert_id, receiver_id, news, created_at, due_at, tries)
      VALUES (${ids()}, ${whom.alertId}, ${id}, 'raised', ${now}, ${now}, 0)`;
  }
}

interface ReceiverRow {
  id: string;
  merchantId: string | null;
}

/**
 * Somebody has to be told. Where a merchant has named nobody, the installation's people are; where the installation has
 * named nobody and serves one merchant alone, that merchant's are.
 */
async function receiversFor(tx: RawSql, { merchantId, rule }: Whom): Promise<ReceiverRow[]> {
  const rows = await tx<ReceiverRow[]>`
    SELECT id, merchant_id AS "merchantId" FROM alert_receivers
    WHERE disabled_at IS NULL AND ${rule.receivers ? tx`id = ANY(${rule.receivers}::uuid[])` : tx`true`}
      AND (merchant_id = ${merchantId} OR merchant_id IS NULL OR ${merchantId}::uuid IS NULL)
    ORDER BY id LIMIT 1000`;
  const own = rows.filter((row) => row.merchantId === merchantId);
  const others = rows.filter((row) => row.merchantId !== merchantId);
  if (rule.receivers) return merchantId === null ? own : rows;
  if (own.length > 0) return own;
  // The installation's people first, and else those of a merchant that is alone here, not of one that alone has named
  // any.
  const [other] = others;
  if (merchantId !== null || !other?.merchantId) return others;
  return (await isOnlyMerchant(tx, other.merchantId)) ? others : [];
}

/** What it was about is over: who was told that it began is told that it ended. */
export async function resolveIn(tx: RawSql, naming: Naming, [kind, subject]: [AlertKind, string]): Promise<void> {
  const [row] = await tx<{ id: string }[]>`
    UPDATE alerts SET resolved_at = ${naming.clock.now()}
    WHERE kind = ${kind} AND subject = ${subject} AND resolved_at IS NULL RETURNING id`;
  if (row) await tellAgain(tx, naming, { alertId: row.id, news: 'resolved' });
}

/** News for those who were told of the alert. That somebody has seen to it goes to machines alone, not into mail. */
export async function tellAgain(
  tx: RawSql,
  { clock, ids }: Naming,
  { alertId, news }: { alertId: string; news: 'acknowledged' | 'resolved' },
): Promise<void> {
  const rows = await tx<{ id: string; channel: string }[]>`
    SELECT r.id, r.channel FROM alert_deliveries d JOIN alert_receivers r ON r.id = d.receiver_id
    WHERE d.alert_id = ${alertId} AND d.news = 'raised' ORDER BY r.id LIMIT 100`;
  const now = clock.now();
  for (const { id, channel } of rows) {
    if (news === 'acknowledged' && channel === 'email') continue;
    await tx`
      INSERT INTO alert_deliveries (id, alert_id, receiver_id, news, created_at, due_at, tries)
      VALUES (${ids()}, ${alertId}, ${id}, ${news}, ${now}, ${now}, 0) ON CONFLICT DO NOTHING`;
  }
}
