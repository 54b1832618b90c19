import type { RawSql } from '#db/client.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { nextOrderState, type OrderEventTrigger, type OrderState, orderBirth } from './order-machine.ts';

/** Who set it off, and why. */
export interface Because {
  cause: string;
  actor: { kind: string; id: string | null };
  at: Date;
}

export interface Step extends Because {
  from: OrderState;
  trigger: OrderEventTrigger;
  /** Of a step to where something is sent. */
  fulfilmentId?: string;
  data?: Record<string, string>;
}

/** Makes the order of a session, in the transaction that makes the session. */
export async function insertOrder(
  tx: RawSql,
  order: { id: string; sessionId: string; merchantId: string },
  { cause, actor, at }: Because,
): Promise<void> {
  const { trigger, to } = orderBirth;
  await tx`
    WITH made AS (
      INSERT INTO orders (id, merchant_id, session_id, state, version, created_at, updated_at)
      VALUES (${order.id}, ${order.merchantId}, ${order.sessionId}, ${to}, 1, ${at}, ${at}))
    INSERT INTO order_events (order_id, seq, merchant_id, trigger, to_state, cause, actor_kind, actor_id, data, at)
    VALUES (${order.id}, 1, ${order.merchantId}, ${trigger}, ${to}, ${cause}, ${actor.kind}, ${actor.id}, '{}', ${at})`;
}

/**
 * The one writer of an order's state: takes one step, and its event, where the order stands at `from`. Says whether it
 * did; who comes second changes nothing.
 */
export async function stepOrder(
  tx: RawSql,
  of: { orderId: string } | { sessionId: string },
  { from, trigger, fulfilmentId, cause, actor, at, data = {} }: Step,
): Promise<boolean> {
  const to = nextOrderState(from, trigger);
  invariant(to, `an order does not ${trigger} from ${from}`);
  const taken = await tx`
    WITH moved AS (
      UPDATE orders SET state = ${to}, version = version + 1, updated_at = ${at}
      WHERE ${'orderId' in of ? tx`id = ${of.orderId}` : tx`session_id = ${of.sessionId}`} AND state = ${from}
      RETURNING id, version, merchant_id)
    INSERT INTO order_events (order_id, seq, merchant_id, from_state, trigger, to_state, fulfilment_id, cause, actor_kind,
      actor_id, data, at)
    SELECT id, version, merchant_id, ${from}, ${trigger}, ${to}, ${fulfilmentId ?? null}::uuid, ${cause}, ${actor.kind},
      ${actor.id}, ${tx.json(data)}::jsonb, ${at}::timestamptz
    FROM moved RETURNING seq`;
  return taken.length > 0;
}
