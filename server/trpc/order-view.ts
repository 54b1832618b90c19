import type { Mode } from '#server/auth/caller.ts';
import type { OrderRow, OrderView } from '#server/checkout/orders.ts';
import { showSessionId } from '#server/checkout/session-id.ts';
import { showId } from '#server/kernel/id.ts';

export type ShownOrderRow = ReturnType<typeof shownOrderRow>;
export type ShownOrder = ReturnType<typeof shownOrder>;
export type ShownOrderEntry = ShownOrder['entries'][number];

/** A row with its id as people see it. */
export function shownOrderRow(row: OrderRow) {
  return { ...row, id: showId('order', row.id) };
}

/**
 * An order with its ids as people see them.
 *
 * @param names  Of the staff among the actors, by id.
 */
export function shownOrder(order: OrderView, { mode, names }: { mode: Mode; names: Map<string, string> }) {
  const { merchantId: _, lineItems, entries, compensation, ...rest } = order;
  return {
    ...rest,
    id: showId('order', order.id),
    sessionId: showSessionId(mode, order.sessionId),
    intentId: order.intentId && showId('intent', order.intentId),
    lineItems: lineItems.map((item) => ({ ...item, id: showId('lineItem', item.id) })),
    compensation: compensation && {
      ...compensation,
      refundId: compensation.refundId && showId('refund', compensation.refundId),
    },
    entries: entries.map(({ actor, ...entry }) => ({ ...entry, actor: actorName(actor, names) })),
  };
}

function actorName({ kind, id }: OrderView['entries'][number]['actor'], names: Map<string, string>): string {
  switch (kind) {
    case 'staff':
      return (id && names.get(id)) || 'Former staff';
    case 'merchant_key':
      return 'Secret key';
    case 'shopper':
      return 'Shopper';
    default:
      return 'Florin';
  }
}
