import type { OrderEventTrigger, OrderState, OrderTrouble } from '#server/checkout/orders.ts';
import type { Tone } from '../../tone.ts';

/** Forget a state and it does not compile. */
export const orderTones = {
  open: 'neutral',
  paid: 'ok',
  fulfilling: 'wait',
  fulfilled: 'ok',
  failed: 'bad',
  compensated: 'muted',
  canceled: 'muted',
  expired: 'muted',
} as const satisfies Record<OrderState, Tone>;

export const troubleWords: Record<OrderTrouble, string> = {
  warehouse: 'Warehouse silent',
  refund: 'Not refunded',
};

/** How the sending stands, and the refund where it cannot be sent. */
export const sendingWords: Record<string, string> = {
  due: 'To be asked',
  asked: 'Asked',
  shipped: 'Sent',
  refused: 'Refused',
  called_off: 'Called off',
  stuck: 'No answer',
};
export const refundWords: Record<string, string> = { due: 'Under way', done: 'Done', stuck: 'Not done' };

/** What happened, in words. */
export const orderEventWords: Record<OrderEventTrigger, string> = {
  create: 'Checkout opened',
  pay: 'Paid',
  cancel: 'Authorization released',
  expire: 'Checkout ended unpaid',
  begin_fulfilment: 'To be sent',
  warehouse_asked: 'Warehouse asked to send it',
  warehouse_silent: 'No answer from the warehouse',
  given_up: 'Waits for a person',
  retried: 'Tried again',
  ship: 'Sent by the warehouse',
  refuse: 'Refused by the warehouse',
  call_off: 'Called off before it was sent',
  refund_asked: 'Refund begun',
  refund_refused: 'Refund refused',
  compensate: 'All money given back',
  undo_compensation: 'Refund taken back by the provider',
};

const eventTones: Partial<Record<OrderEventTrigger, Tone>> = {
  ship: 'ok',
  pay: 'ok',
  refuse: 'bad',
  refund_refused: 'bad',
  undo_compensation: 'bad',
  warehouse_silent: 'warn',
  given_up: 'warn',
  begin_fulfilment: 'wait',
  warehouse_asked: 'wait',
  refund_asked: 'wait',
  compensate: 'muted',
};

export function orderEventTone(trigger: OrderEventTrigger): Tone {
  return eventTones[trigger] ?? 'neutral';
}
