import type { RawSql } from '#db/client.ts';
import type { Consumer, LoggedEvent } from '#server/events/consumer.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { intentsOf } from '#server/payments/intents-of.ts';
import { callOff, compensated, undone } from './order-compensated.ts';
import { paid } from './order-paid.ts';
import { type OrderSeams, type PaidOrder, saga, type Telling } from './order-room.ts';
import { stepOrder } from './order-step.ts';
import { completeSession } from './store.ts';

type Effect = (room: OrderSeams, telling: Telling) => Promise<void>;

/** What follows for an order from what happened to its payment. What is not listed means nothing to it. */
const effects: Partial<Record<string, Effect>> = {
  authorize: async (_, { tx, event, order }) => {
    // The shopper is told "paid" now: the money is held, and taken when the merchant says so.
    if (order.captureMethod === 'manual') await completeSession(tx, order.sessionId, event.at);
  },
  capture: paid,
  void: async (_, { tx, event, order, because }) => {
    // A void that makes up for a refused capture leaves the intent open: the next card may pay it.
    const released = order.captureMethod === 'manual' && event.from === 'authorized';
    if (released) await stepOrder(tx, { orderId: order.id }, { from: 'open', trigger: 'cancel', ...because });
  },
  refund_all: async (_, telling) => {
    if (!(await compensated(telling))) await callOff(telling);
  },
  undo_refund: (_, telling) => undone(telling),
  undo_settled_refund: (_, telling) => undone(telling),
};

/**
 * Moves orders on as their payments move. Seen twice, an event changes nothing the second time: each step is taken from
 * one state only.
 */
export function makeOrderConsumer(room: OrderSeams): Consumer {
  return {
    name: saga,
    async effect(tx, events) {
      const telling = events.filter(({ trigger }) => Object.hasOwn(effects, trigger));
      if (telling.length === 0) return;
      const orders = await ordersOf(tx, telling);
      for (const event of telling) {
        const order = orders.get(event.paymentId);
        const effect = effects[event.trigger];
        invariant(effect, 'only what has an effect is told');
        const because = { cause: event.trigger, actor: { kind: 'workload', id: saga }, at: room.clock.now() };
        if (order) await effect(room, { tx, event, order, because });
      }
    },
  };
}

/** By payment. A payment that no checkout session has asked for has no order. */
async function ordersOf(tx: RawSql, events: readonly LoggedEvent[]): Promise<Map<string, PaidOrder>> {
  const intents = await intentsOf(tx, [...new Set(events.map(({ paymentId }) => paymentId))]);
  if (intents.size === 0) return new Map();
  const rows = await tx<(PaidOrder & { intentId: string })[]>`
    SELECT o.id, o.merchant_id AS "merchantId", o.session_id AS "sessionId", s.intent_id AS "intentId",
      s.capture_method AS "captureMethod"
    FROM checkout_sessions s JOIN orders o ON o.session_id = s.id
    WHERE s.intent_id IN ${tx([...new Set(intents.values())])}`;
  const byIntent = new Map(rows.map((row) => [row.intentId, row]));
  const found = [...intents].flatMap(([paymentId, intentId]) => {
    const order = byIntent.get(intentId);
    return order ? [[paymentId, order] as const] : [];
  });
  return new Map(found);
}
