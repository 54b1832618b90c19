import type { discrepancyEnds, discrepancyKinds } from '#db/schema/reconciliation.ts';
import type { fileStatuses, lineKinds } from '#db/schema/reconciliation-files.ts';
import type { Currency } from '#server/kernel/money.ts';

export type DifferenceKind = (typeof discrepancyKinds)[number];
export type DifferenceEnd = (typeof discrepancyEnds)[number];
export type FileStatus = (typeof fileStatuses)[number];
export type LineKind = (typeof lineKinds)[number];

/** What each side says of a file's lines in one currency, and how much of it was matched. Minor units. */
export interface Totals {
  currency: Currency;
  theirs: bigint;
  ours: bigint;
  matched: bigint;
}

/** How many lines should have something of ours behind them, payouts and fees left aside, and how many have. */
export interface Matching {
  toMatch: number;
  matched: number;
}

/** A settlement file and what its matching found. */
export interface FileRow {
  id: string;
  provider: string;
  name: string;
  /** The provider's business day, `2026-11-21`. */
  day: string;
  source: 'fetched' | 'uploaded';
  status: FileStatus;
  receivedAt: Date;
  readAt: Date | null;
  matchedAt: Date | null;
  postedAt: Date | null;
  /** Null where the file is not the reader's to see whole. */
  counts: { lines: number; quarantined: number; matching: Matching | null } | null;
  /** What its run found, by kind; what is still open of it, as far as the reader may see it. */
  differences: Partial<Record<DifferenceKind, number>>;
  open: number;
  totals: Totals[];
}

export interface LineRow {
  fileId: string;
  line: number;
  provider: string;
  kind: LineKind;
  ref: string | null;
  amount: bigint;
  fee: bigint;
  /** With a sign: what it adds to the payout. */
  net: bigint;
  currency: Currency;
  occurredAt: Date;
  paymentId: string | null;
  /** By which rule it was matched; null where it was not. */
  rule: string | null;
  /** Kinds of its differences that are open. */
  differences: DifferenceKind[];
}

export interface LineView extends LineRow {
  captureRef: string | null;
  key: string | null;
  reference: string | null;
  payoutRef: string | null;
  raw: string;
  operationId: string | null;
  matchedAt: Date | null;
  postedAt: Date | null;
  fileName: string;
  /** Its differences, open and ended. */
  found: { id: string; kind: DifferenceKind; ended: DifferenceEnd | null }[];
}

export interface QuarantinedRow {
  line: number;
  raw: string;
  reason: string;
}

export interface DifferenceRow {
  id: string;
  leg: 'settlement' | 'bank';
  kind: DifferenceKind;
  provider: string;
  fileId: string | null;
  line: number | null;
  paymentId: string | null;
  ours: bigint | null;
  theirs: bigint | null;
  currency: Currency;
  cause: string;
  openedAt: Date;
  assignedTo: { staffId: string; name: string } | null;
  proposed: 'written_off' | 'matched' | null;
  ended: DifferenceEnd | null;
  endedAt: Date | null;
}

export interface Note {
  id: string;
  at: Date;
  by: string;
  text: string;
}

export interface DifferenceView extends DifferenceRow {
  operationId: string | null;
  proposal: {
    to: 'written_off' | 'matched';
    reason: string;
    operationId: string | null;
    by: { staffId: string; name: string };
    at: Date;
  } | null;
  /** `by` is null where it went away by itself. */
  end: { how: DifferenceEnd; reason: string | null; by: string | null; at: Date } | null;
  notes: Note[];
  settled: LineView | null;
  booked: BankLineRow | null;
}

export interface DifferenceFilter {
  kind?: DifferenceKind;
  provider?: string;
  /** Assigned to this person. */
  assignedTo?: string;
  /** `waiting`: open, and proposed to a second person. */
  state: 'open' | 'waiting' | 'ended';
  fileId?: string;
  paymentId?: string;
}

/** One day of the plots. */
export interface DayFigures {
  day: string;
  /** Of the day's files; null where there was none, or they may not be seen whole. */
  matching: Matching | null;
  /** Differences that were open when the day ended, or are now. */
  open: number;
}

export interface StatementRow {
  id: string;
  name: string;
  format: 'csv' | 'camt';
  receivedAt: Date;
  lines: number;
  matchedAt: Date | null;
  /** Entries that were matched with a payout. */
  matched: number;
}

export interface BankLineRow {
  statementId: string;
  line: number;
  /** `2026-11-21`. */
  bookedOn: string;
  /** With a sign: what came in is positive. */
  amount: bigint;
  currency: Currency;
  remittance: string;
  raw: string;
  payout: { fileId: string; line: number } | null;
}

/** A page of rows; `next` asks for the one after it. */
export interface Page<Row, Key = string> {
  rows: Row[];
  next: Key | null;
}
