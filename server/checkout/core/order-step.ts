import type { RawSql } from '#db/client.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { looksFew } from './few.ts';
import { nextOrderState, type OrderEventTrigger, type OrderState } from './order-machine.ts';

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

/** One step of an order, or several that follow each other. */
export interface Walk {
  orderId: string;
  steps: readonly [Step, ...Step[]];
  /** A row that is written where the order walks, and read from the CTE `moved`. */
  leaves?: Record<string, unknown>;
}

/** Takes one step. Says whether it did; who comes second changes nothing. */
export async function stepOrder(tx: RawSql, { orderId }: { orderId: string }, step: Step): Promise<boolean> {
  return (await walkOrders(tx, [{ orderId, steps: [step] }])).has(orderId);
}

/** Takes one walk of each order, if it stands at the beginning of it. Says which orders did. */
export async function walkOrders(tx: RawSql, walks: readonly Walk[]): Promise<Set<string>> {
  const moved = await tx<{ id: string }[]>`
    WITH ${movedOrders(tx, walks)}, logged AS (${loggedSteps(tx)})
    SELECT id FROM moved`;
  return new Set(moved.map(({ id }) => id));
}

/**
 * The one writer of orders' states, as CTEs: `moved (n, id, before, merchant_id, steps, leaves)` are the orders that
 * stood where their walk begins. Rows are locked in one order: two transactions would wait for each other's. What
 * stands beside `moved` has to hold `loggedSteps`, too: the database refuses an order that is ahead of its log.
 *
 * @param among  Which of the walks are taken: a condition on `r.id`, the order.
 */
export function movedOrders(tx: RawSql, walks: readonly Walk[], among = tx`true`) {
  invariant(new Set(walks.map(({ orderId }) => orderId)).size === walks.length, 'an order takes one walk at a time');
  return tx`
    input AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify(walks.map(rowOf))}::text::json)
        AS r (n int, id uuid, from_state text, to_state text, at timestamptz, steps json, leaves json)
      WHERE ${among} ORDER BY r.id),
    held AS MATERIALIZED (
      SELECT i.*, o.version FROM input i CROSS JOIN LATERAL (
        SELECT version FROM orders WHERE id = i.id AND state = i.from_state FOR NO KEY UPDATE) o),
    moved AS (
      UPDATE orders o SET state = h.to_state, version = h.version + json_array_length(h.steps), updated_at = h.at
      FROM (SELECT * FROM held WHERE ${looksFew(tx)}) h WHERE o.id = h.id
      RETURNING h.n, o.id, h.version AS before, o.merchant_id, h.steps, h.leaves)`;
}

/** The events of what `moved` has moved. */
export const loggedSteps = (tx: RawSql) => tx`
    INSERT INTO order_events (order_id, seq, merchant_id, from_state, trigger, to_state, fulfilment_id, cause, actor_kind,
      actor_id, data, at)
    SELECT m.id, m.before + s.place, m.merchant_id, s.from_state, s.trigger, s.to_state, s.fulfilment_id, s.cause,
      s.actor_kind, s.actor_id, s.data, s.at
    FROM moved m CROSS JOIN LATERAL json_to_recordset(m.steps) AS s (place int, from_state text, trigger text,
      to_state text, fulfilment_id uuid, cause text, actor_kind text, actor_id text, data jsonb, at timestamptz)`;

function rowOf({ orderId, steps, leaves }: Walk, n: number) {
  let stands: OrderState = steps[0].from;
  const rows = steps.map(({ from, trigger, fulfilmentId, cause, actor, at, data = {} }, place) => {
    const to = nextOrderState(from, trigger);
    invariant(to && from === stands, `an order at ${stands} does not ${trigger} from ${from}`);
    stands = to;
    const said = { cause, actor_kind: actor.kind, actor_id: actor.id, data, at };
    return { place: place + 1, from_state: from, trigger, to_state: to, fulfilment_id: fulfilmentId, ...said };
  });
  return { n, id: orderId, from_state: steps[0].from, to_state: stands, at: steps.at(-1)?.at, steps: rows, leaves };
}
