import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { EventTrigger, OperationKind, PaymentState, TimelineEntry } from './view.ts';

/** More than any payment has: a timeline is read whole. */
const entriesAtMost = 5000;

/** Everything that happened to a payment, oldest first. Empty for a foreign merchant's payment. */
export async function timeline(sql: RawSql, caller: Caller, paymentId: string): Promise<TimelineEntry[]> {
  requirePermission(caller, 'payments:read');
  const rows = await sql<TimelineRow[]>`
    SELECT e.seq, e.id, e.from_state, e.trigger, e.to_state, e.at, e.cause, e.actor_kind, e.actor_id, e.operation_id, e.amount,
      e.data, o.kind AS operation_kind, o.provider, p.currency
    FROM events e JOIN payments p ON p.id = e.payment_id LEFT JOIN operations o ON o.id = e.operation_id
    WHERE e.payment_id = ${paymentId} AND e.merchant_id = ${caller.merchantId}
    ORDER BY e.seq LIMIT ${entriesAtMost}`;
  return rows.map((row) => ({
    seq: row.seq,
    eventId: row.id,
    from: row.from_state,
    trigger: row.trigger,
    to: row.to_state,
    at: row.at,
    cause: row.cause,
    actor: { kind: row.actor_kind, id: row.actor_id },
    operationId: row.operation_id,
    operationKind: row.operation_kind,
    provider: row.provider,
    amount: row.amount,
    currency: row.currency,
    data: row.data,
  }));
}

interface TimelineRow {
  seq: number;
  id: string;
  from_state: PaymentState | null;
  trigger: EventTrigger;
  to_state: PaymentState;
  at: Date;
  cause: string;
  actor_kind: string;
  actor_id: string | null;
  operation_id: string | null;
  amount: bigint | null;
  data: Record<string, unknown>;
  operation_kind: OperationKind | null;
  provider: string | null;
  currency: Currency;
}
