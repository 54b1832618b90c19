import type { Currency } from '#server/kernel/money.ts';

/** What is to be sent, as a warehouse is asked for it. */
export interface Consignment {
  /** Shown id of the order, `ord_…`. */
  order: string;
  /** The merchant's own reference. */
  reference: string | null;
  email: string | null;
  lines: { name: string; quantity: number }[];
  /** What was paid for it, minor units. */
  amount: bigint;
  currency: Currency;
}

/** Final: the same key never gets another. */
export type Dispatch =
  | { kind: 'shipped' }
  /** A definite no: nothing was sent, and nothing will be under this key. */
  | { kind: 'refused'; reason: string };

/** No answer says nothing about the goods: they may be on their way. */
export interface Silent {
  kind: 'silent';
  why: string;
}

/** The port to whoever sends a merchant's goods. Its methods do not throw: not knowing is an answer. */
export interface Warehouse {
  /** Asks for it to be sent. Once for each key, however often it is asked. */
  ship(consignment: Consignment, key: string): Promise<Dispatch | Silent>;
  /** What became of this key; `absent`: the warehouse has not heard of it. */
  ask(key: string): Promise<Dispatch | Silent | { kind: 'absent' }>;
}
