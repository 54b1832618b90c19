import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { Currency } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type EscalationJson, escalationOf } from './core/escalation.ts';
import type { EscalationView, OperationKind } from './view.ts';

interface EscalationRow {
  escalation: EscalationJson & { merchant_id: string; payment_id: string; currency: Currency };
  operation_kind: OperationKind | null;
  provider: string | null;
}

/** Money that somebody has to look after: open ones first, the longest waiting first; at most 100. */
export async function escalations(
  sql: RawSql,
  caller: Caller,
  { open }: { open?: boolean } = {},
): Promise<EscalationView[]> {
  requirePermission(caller, 'escalations:read');
  const rows = await sql<EscalationRow[]>`
    SELECT to_json(e) AS escalation, o.kind AS operation_kind, o.provider
    FROM escalations e LEFT JOIN operations o ON o.id = e.operation_id
    WHERE e.merchant_id = ${caller.merchantId} ${open === undefined ? sql`` : sql`AND (e.closed_at IS NULL) = ${open}`}
    ORDER BY e.closed_at DESC NULLS FIRST, e.opened_at, e.id LIMIT 100`;
  return rows.map(escalationView);
}

/** @throws Refusal `not_found`; a foreign merchant's is not found either. */
export async function escalation(sql: RawSql, caller: Caller, escalationId: string): Promise<EscalationView> {
  requirePermission(caller, 'escalations:read');
  const [row] = await sql<EscalationRow[]>`
    SELECT to_json(e) AS escalation, o.kind AS operation_kind, o.provider
    FROM escalations e LEFT JOIN operations o ON o.id = e.operation_id
    WHERE e.id = ${escalationId} AND e.merchant_id = ${caller.merchantId}`;
  if (!row) throw new Refusal('not_found', 'No such escalation.');
  return escalationView(row);
}

function escalationView({ escalation: row, operation_kind: operationKind, provider }: EscalationRow): EscalationView {
  const { proposal, closed, ...known } = escalationOf(row);
  const status = closed ? 'closed' : proposal ? 'proposed' : 'open';
  return {
    ...known,
    merchantId: row.merchant_id,
    paymentId: row.payment_id,
    operationKind,
    provider,
    currency: row.currency,
    status,
    proposal: proposal && {
      finding: proposal.finding,
      reason: proposal.reason,
      providerRef: proposal.foundRef,
      by: proposal.by,
      at: proposal.at,
    },
    closed,
  };
}
