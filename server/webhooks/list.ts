import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { isOnlyMerchant } from '#server/auth/merchants.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { keptOfForgery } from './core/kept.ts';
import type { WebhookFilter, WebhookReason, WebhookRow, WebhookView } from './webhooks.ts';

export interface WebhookList {
  /** Newest first. `after` is the last id of the page before; at most 100 rows. */
  list(
    caller: Caller,
    input: { filter?: WebhookFilter; after?: string; limit: number },
  ): Promise<{ rows: WebhookRow[]; next: string | null }>;
  /** @throws Refusal `not_found`. */
  webhook(caller: Caller, id: string): Promise<WebhookView>;
  /** Rejections since then by reason, most frequent first: also those that were too many to keep. For who sees all. */
  rejections(caller: Caller, since: Date): Promise<{ reason: WebhookReason; times: number }[]>;
}

/**
 * What providers have sent, for the console. Staff see what concerns their merchant's payments. What is not known to
 * concern anybody's may yet be another merchant's, forgeries aside: its reader is the owner of an only merchant.
 */
export function makeWebhookList(sql: RawSql): WebhookList {
  return {
    async list(caller, { filter = {}, after, limit }) {
      requirePermission(caller, 'operations:read');
      const most = Math.min(limit, 100);
      const all = await seesAll(sql, caller);
      const rows = await sql<WebhookRow[]>`
        SELECT ${columns(sql)} FROM provider_webhooks
        WHERE ${seenBy(sql, caller, all)} AND ${matches(sql, filter)} ${after ? sql`AND id < ${after}` : sql``}
        ORDER BY id DESC LIMIT ${most + 1}`;
      const page = rows.slice(0, most);
      return { rows: page, next: rows.length > most ? (page.at(-1)?.id ?? null) : null };
    },

    async webhook(caller, id) {
      requirePermission(caller, 'operations:read');
      const all = await seesAll(sql, caller);
      const [row] = await sql<(Omit<WebhookView, 'body'> & { body: Buffer | null })[]>`
        SELECT ${columns(sql)}, headers, signed_at AS "signedAt", last_received_at AS "lastReceivedAt",
          settled_at AS "settledAt", body_size AS "bodySize", NOT genuine AND body_size > ${keptOfForgery} AS cut,
          CASE WHEN status <> 'received' OR merchant_id IS NOT NULL THEN body END AS body
        FROM provider_webhooks WHERE id = ${id} AND ${seenBy(sql, caller, all)}`;
      if (!row) throw new Refusal('not_found', 'No such webhook.');
      return { ...row, body: row.body?.toString('utf8') ?? null };
    },

    async rejections(caller, since) {
      requirePermission(caller, 'operations:read');
      if (!(await seesAll(sql, caller))) return [];
      return sql<{ reason: WebhookReason; times: number }[]>`
        SELECT reason, sum(times)::int AS times FROM provider_webhook_rejections WHERE minute >= ${since}
        GROUP BY reason ORDER BY sum(times) DESC, reason`;
    },
  };
}

function columns(sql: RawSql) {
  return sql`id, provider, status, reason, event_id AS "eventId", payment_id AS "paymentId", address, times,
    received_at AS "receivedAt"`;
}

function seenBy(sql: RawSql, { merchantId }: Caller, all: boolean) {
  return all ? sql`(merchant_id = ${merchantId} OR merchant_id IS NULL)` : sql`merchant_id = ${merchantId}`;
}

/** Until there is a role of the installation's own, nobody stands above several merchants. */
async function seesAll(sql: RawSql, caller: Caller): Promise<boolean> {
  return caller.kind === 'staff' && caller.role === 'owner' && isOnlyMerchant(sql, caller.merchantId);
}

function matches(sql: RawSql, { verdict, provider, reason }: WebhookFilter) {
  return sql`true
    ${provider ? sql`AND provider = ${provider}` : sql``}
    ${reason ? sql`AND reason = ${reason}` : sql``}
    ${verdict === 'rejected' ? sql`AND status = 'rejected'` : sql``}
    ${verdict === 'waiting' ? sql`AND status = 'received'` : sql``}
    ${verdict === 'accepted' ? sql`AND status IN ('applied', 'known', 'ignored')` : sql``}`;
}
