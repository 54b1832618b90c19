import type { FaultKind } from './faults.ts';

/**
 * All that happens in one simulated world, made from its seed and written out, so that shrinking can leave parts of it
 * away: what is left happens as before, because every throw of the dice has a name of its own.
 */
export interface Plan {
  seed: number;
  payments: PaymentPlan[];
  faults: PlannedFault[];
}

export const cards = {
  good: '4242424242424242',
  insufficient: '4000000000009995',
  declined: '4000000000000002',
  challenged: '4000000000003220',
} as const;

export type CardName = keyof typeof cards;

/** What the merchant does once the money is authorised or captured. */
export type Wish = 'nothing' | 'capture' | 'capture part' | 'cancel' | 'capture and cancel';

export interface PaymentPlan {
  /** Its place in the plan, and its name in traces. */
  n: number;
  /** Milliseconds of virtual time at which its client begins. */
  at: number;
  merchant: 0 | 1;
  /** Minor units. */
  amount: number;
  currency: 'EUR' | 'USD' | 'JPY';
  captureMethod: 'automatic' | 'manual';
  card: CardName;
  /** After a declined first card the shopper tries this one. */
  secondCard?: CardName;
  wish: Wish;
  /** Amounts of the refunds that are asked once it is captured, and whether at once or one after the other. */
  refunds: number[];
  refundsAtOnce: boolean;
  /** How the client takes a lost answer: tries again at once, late, at the other process, or never comes back. */
  returns: 'at once' | 'late' | 'elsewhere' | 'never';
  /** What the shopper does when the bank asks them. */
  challenge: 'pass' | 'fail' | 'leave';
}

export const processNames = ['api-1', 'api-2', 'worker-1', 'worker-2'] as const;
export type ProcessName = (typeof processNames)[number];
export const providerNames = ['alder', 'birch'] as const;
export type ProviderName = (typeof providerNames)[number];

export type Asked = 'authorize' | 'capture' | 'void' | 'refund' | 'cancel' | 'inquire';

/** One fault, and where it strikes. `id` names it in traces and in the command that replays without it. */
export type PlannedFault = { id: string; kind: FaultKind } /**
 * The nth request of this sort for a payment, from 1; the next where another fault has struck that. `milliseconds`
 * how late or how slow.
 */ & (
  | { on: 'exchange'; payment: number; asked: Asked; nth: number; milliseconds?: number; how?: string }
  /** The nth webhook about a payment, from 1. */
  | { on: 'webhook'; payment: number; nth: number; milliseconds?: number; copies?: number }
  /** A client's nth request for a payment, from 1. */
  | { on: 'client'; payment: number; nth: number }
  /** From this moment on; what befalls a process at a stroke waits until it has something to do. */
  | { on: 'process'; process: ProcessName; at: number; milliseconds?: number }
  | { on: 'acquirer'; provider: ProviderName; at: number; milliseconds?: number; payment?: number }
  /** The nth transaction with this label, in any process, from 1; a later one where it makes no difference there. */
  | { on: 'database'; label: string; nth: number; milliseconds?: number }
  /** The nth run of this consumer that has something to do, from 1, or a later one likewise. */
  | { on: 'bus'; consumer: string; nth: number }
);
