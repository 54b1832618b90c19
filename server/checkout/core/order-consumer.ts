import type { RawSql } from '#db/client.ts';
import type { Consumer, LoggedEvent } from '#server/events/consumer.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { intentsOf } from '#server/payments/intents-of.ts';
import { completeSessions } from './complete-sessions.ts';
import { callOff, compensated, undone } from './order-compensated.ts';
import { paid } from './order-paid.ts';
import { type OrderSeams, type PaidOrder, saga, type Telling } from './order-room.ts';
import { stepOrder } from './order-step.ts';

/** Deals with tellings of one kind, of each order one. */
type Effect = (room: OrderSeams, tx: RawSql, tellings: readonly Telling[]) => Promise<void>;

/** What follows for an order from what happened to its payment. What is not listed means nothing to it. */
const effects: Partial<Record<string, Effect>> = {
  // The shopper is told "paid" now: the money is held, and taken when the merchant says so.
  authorize: (_, tx, tellings) => {
    const held = tellings.filter(({ order }) => order.captureMethod === 'manual');
    return completeSessions(
      tx,
      held.map(({ order, event }) => ({ sessionId: order.sessionId, at: event.at })),
    );
  },
  capture: paid,
  void: eachAlone(async (tx, { event, order, because }) => {
    // A void that makes up for a refused capture leaves the intent open: the next card may pay it.
    const released = order.captureMethod === 'manual' && event.from === 'authorized';
    if (released) await stepOrder(tx, { orderId: order.id }, { from: 'open', trigger: 'cancel', ...because });
  }),
  refund_all: eachAlone(async (tx, telling) => {
    if (!(await compensated(tx, telling))) await callOff(tx, telling);
  }),
  undo_refund: eachAlone(undone),
  undo_settled_refund: eachAlone(undone),
};

function eachAlone(effect: (tx: RawSql, telling: Telling) => Promise<void>): Effect {
  return async (_, tx, tellings) => {
    for (const telling of tellings) await effect(tx, telling);
  };
}

/**
 * Moves orders on as their payments move. Seen twice, an event changes nothing the second time: each step is taken from
 * one state only.
 */
export function makeOrderConsumer(room: OrderSeams): Consumer {
  return {
    name: saga,
    triggers: Object.keys(effects),
    async effect(tx, events) {
      const telling = events.filter(({ trigger }) => Object.hasOwn(effects, trigger));
      const orders = await ordersOf(tx, telling);
      const tellings = telling.flatMap((event): Telling[] => {
        const order = orders.get(event.paymentId);
        const because = { cause: event.trigger, actor: { kind: 'workload', id: saga }, at: room.clock.now() };
        return order ? [{ event, order, because }] : [];
      });
      for (const some of inTurns(tellings)) await effectOf(some)(room, tx, some);
    },
  };
}

function effectOf([first]: readonly Telling[]): Effect {
  const effect = first && effects[first.event.trigger];
  invariant(effect, 'only what has an effect is told');
  return effect;
}

/**
 * Tellings that may be dealt with together, one after the other: of one kind, and of each order the next one. So an
 * order hears what happened in the order in which it did; orders have nothing to do with each other.
 */
function* inTurns(tellings: readonly Telling[]): Generator<Telling[]> {
  let left = tellings;
  while (left.length > 0) {
    const firsts = new Map<string, Telling>();
    for (const telling of left) if (!firsts.has(telling.order.id)) firsts.set(telling.order.id, telling);
    yield* Map.groupBy(firsts.values(), ({ event }) => event.trigger).values();
    left = left.filter((telling) => firsts.get(telling.order.id) !== telling);
  }
}

/** By payment. A payment that no checkout session has asked for has no order. */
async function ordersOf(tx: RawSql, events: readonly LoggedEvent[]): Promise<Map<string, PaidOrder>> {
  if (events.length === 0) return new Map();
  const intents = await intentsOf(tx, [...new Set(events.map(({ paymentId }) => paymentId))]);
  if (intents.size === 0) return new Map();
  const rows = await tx<(PaidOrder & { intentId: string })[]>`
    SELECT o.id, o.merchant_id AS "merchantId", o.session_id AS "sessionId", s.intent_id AS "intentId",
      s.capture_method AS "captureMethod"
    FROM unnest(${[...new Set(intents.values())]}::uuid[]) AS i (intent_id)
    CROSS JOIN LATERAL (
      SELECT id, intent_id, capture_method FROM checkout_sessions WHERE intent_id = i.intent_id LIMIT 1) s
    CROSS JOIN LATERAL (SELECT id, merchant_id, session_id FROM orders WHERE session_id = s.id LIMIT 1) o`;
  const byIntent = new Map(rows.map((row) => [row.intentId, row]));
  const found = [...intents].flatMap(([paymentId, intentId]) => {
    const order = byIntent.get(intentId);
    return order ? [[paymentId, order] as const] : [];
  });
  return new Map(found);
}
