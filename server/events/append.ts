import type { RawSql } from '#db/client.ts';

/** An event as the mover hands it over: bound to its change `n`, with its place, id and time. */
export interface EventRow {
  n: number;
  payment_id: string;
  seq: number;
  id: string;
  merchant_id: string;
  from_state: string | null;
  trigger: string;
  to_state: string;
  cause: string;
  actor_kind: string;
  actor_id: string | null;
  operation_id: string | null;
  amount: bigint | null;
  data: Record<string, unknown>;
  at: Date;
}

/**
 * The event log's part of the mover's statement. Reads the CTE `done (n)`: the changes that went through.
 *
 * @param rows  JSON array of EventRow.
 */
export function appendEvents(sql: RawSql, rows: string) {
  return sql`
    INSERT INTO events (payment_id, seq, id, merchant_id, from_state, trigger, to_state, cause, actor_kind, actor_id,
      operation_id, amount, data, at)
    SELECT r.payment_id, r.seq, r.id, r.merchant_id, r.from_state, r.trigger, r.to_state, r.cause, r.actor_kind, r.actor_id,
      r.operation_id, r.amount, r.data, r.at
    FROM json_to_recordset(${rows}::text::json) AS r (n int, payment_id uuid, seq int, id uuid, merchant_id uuid,
      from_state text, trigger text, to_state text, cause text, actor_kind text, actor_id text, operation_id uuid,
      amount bigint, data jsonb, at timestamptz)
    JOIN done USING (n)`;
}
