import type { Currency } from '#server/kernel/money.ts';

/** What a line of a settlement report says that happened. Only behind captures and refunds stand operations of ours. */
export type LineKind = 'capture' | 'refund' | 'refund_returned' | 'chargeback' | 'fee' | 'payout' | 'adjustment';

/** A line of a report, in our words. Minor units. */
export interface ReadLine {
  /** From 1, the heading included; of a record over many lines the first. */
  line: number;
  raw: string;
  kind: LineKind;
  /** The provider's id of what was settled; of a payout the payout's. */
  ref: string | null;
  /** Of a refund, a chargeback or its fee: the provider's id of the capture. */
  captureRef: string | null;
  /** Our idempotency key and our payment's shown id, where the report has them. */
  key: string | null;
  reference: string | null;
  /** Without a sign. */
  amount: bigint;
  fee: bigint;
  /** With a sign: what the line adds to its payout. A payout's own takes all others of it back to nothing. */
  net: bigint;
  currency: Currency;
  occurredAt: Date;
  /** The payout that it is part of. */
  payoutRef: string | null;
}

/** A line that cannot be read, and why, in a sentence. */
export interface BadLine {
  line: number;
  raw: string;
  reason: string;
}

/**
 * Reads a report's lines from its bytes as they come; memory stays flat.
 *
 * @throws Refusal `invalid_input` where the first line is not the heading of such a report: none of it is read.
 */
export type ReadReport = (chunks: AsyncIterable<Buffer> | Iterable<Buffer>) => AsyncIterable<ReadLine | BadLine>;
