import type { Caller } from '#server/auth/caller.ts';
import type { Consumer } from '#server/events/consumer.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { OrderEventTrigger, OrderState } from './core/order-machine.ts';
import type { LineItemView } from './view.ts';

export type { OrderEventTrigger, OrderState } from './core/order-machine.ts';

/** What a person has to look at. `warehouse`: it does not answer. `refund`: the money could not be given back. */
export type OrderTrouble = 'warehouse' | 'refund';

/** A row of the console's list. */
export interface OrderRow {
  id: string;
  state: OrderState;
  /** Minor units. */
  amount: bigint;
  currency: Currency;
  /** The merchant's own number of it. */
  reference: string | null;
  email: string | null;
  trouble: OrderTrouble | null;
  createdAt: Date;
  updatedAt: Date;
}

/** One line of an order's log. */
export interface OrderEntry {
  seq: number;
  trigger: OrderEventTrigger;
  from: OrderState | null;
  to: OrderState;
  cause: string;
  actor: { kind: string; id: string | null };
  /** Reasons and what was answered, in words. */
  data: Record<string, string>;
  at: Date;
}

export interface OrderView extends OrderRow {
  merchantId: string;
  sessionId: string;
  /** Null until somebody has tried to pay. */
  intentId: string | null;
  lineItems: LineItemView[];
  /** `due` or `asked`: on its way to the warehouse, asked `tries` times since `tries` was last 0. */
  fulfilment: { status: string; tries: number; nextAt: Date; reason: string | null } | null;
  compensation: { status: string; tries: number; nextAt: Date; reason: string | null; refundId: string | null } | null;
  entries: OrderEntry[];
}

/** What becomes of what was paid for. Every method throws Refusal for an expected "no". */
export interface Orders {
  /** Newest first. `after` is the last id of the page before; at most 100 rows. */
  list(
    caller: Caller,
    input: { states?: OrderState[]; after?: string; limit: number },
  ): Promise<{ rows: OrderRow[]; next: string | null }>;
  order(caller: Caller, orderId: string): Promise<OrderView>;
  /** Null for an intent that no checkout session has made. */
  ofIntent(caller: Caller, intentId: string): Promise<OrderRow | null>;
  /**
   * Has what is stuck tried again, from the beginning.
   *
   * @throws Refusal `illegal_move` where nothing is stuck.
   */
  retry(caller: Caller, input: { orderId: string; claim?: Claim }): Promise<OrderView>;

  /** Moves orders on when their payments do, and closes their sessions. */
  consumer: Consumer;
  /** Asks warehouses for what is due; for the worker. Returns how many it dealt with. */
  fulfil(limit: number): Promise<number>;
  /** Gives back what was paid for orders that cannot be sent; for the worker. Returns how many it dealt with. */
  compensate(limit: number): Promise<number>;
  /** Tells people of what is stuck, and takes it back once it no longer is; for the worker. */
  alert(limit: number): Promise<number>;
}
