import type { EventTrigger, PaymentState } from '#server/payments/core/machine.ts';

/** An operation of the payment, as the table `operations` has it. */
export interface TracedOperation {
  id: string;
  kind: 'authorize' | 'capture' | 'void' | 'refund' | 'cancel';
  provider: string;
  /** In minor units. */
  amount: number;
  /** The operation that it blocks (cancel), or whose stray money it gives back. */
  against?: string;
  /** A refund made in the provider's own console. */
  foreign?: boolean;
}

/** An event's row, as the table `events` has it. */
export interface TracedStep {
  trigger: EventTrigger;
  from: PaymentState | null;
  to: PaymentState;
  operation?: string;
}

/**
 * What can be seen of one payment from outside: the events of each of its commits, and each line in a provider's books,
 * which hold nothing but money that really moved. That a provider declines, challenges or blocks nobody sees.
 */
export type Observed = { what: 'committed'; steps: readonly TracedStep[] } | { what: 'acted'; operation: string };

/** One payment from its birth on, in the order of time. */
export interface Trace {
  operations: readonly TracedOperation[];
  events: readonly Observed[];
}

/** A row of the log with its time in milliseconds and the transaction that wrote it. */
export type Logged = TracedStep & { at: number; tx: string };
/** A line of a provider's books with its time in milliseconds. */
export type Booked = Extract<Observed, { what: 'acted' }> & { at: number };

/** Events that record that money has moved. */
const yes: readonly EventTrigger[] = [
  'authorize',
  'capture',
  'void',
  'refund_all',
  'partial_refund',
  'foreign_effect',
  'stray_returned',
  'late_effect',
];

/**
 * Brings the log of a payment, in its own order, and the lines of the providers' books into one order. What was the
 * cause of what comes first: an operation is opened before its provider acts, and a yes is recorded after that. Only
 * where this leaves a choice does time decide, since each process has a clock of its own, which may be wrong.
 */
export function merged(log: readonly Logged[], books: readonly Booked[]): Observed[] {
  const commits = Object.values(Object.groupBy(log, ({ tx }) => `tx ${tx}`)).flatMap((rows) => (rows ? [rows] : []));
  const placed = Map.groupBy(books, (book) => placeOf(book, commits));
  const events = commits.flatMap((rows, n) => [...(placed.get(n) ?? []).map(acted), committed(rows)]);
  return [...events, ...(placed.get(commits.length) ?? []).map(acted)];
}

/** Before which commit the provider acted. */
function placeOf({ operation, at }: Booked, commits: readonly (readonly Logged[])[]): number {
  const first = (is: (row: Logged) => boolean) => commits.findIndex((rows) => rows.some(is));
  const opened = first((row) => row.operation === operation);
  const recorded = first((row) => row.operation === operation && yes.includes(row.trigger));
  const later = first((row) => row.at >= at);
  const byTime = later < 0 ? commits.length : later;
  if (recorded >= 0 && byTime > recorded) return recorded;
  return recorded === opened ? byTime : Math.max(byTime, opened + 1);
}

function acted({ operation }: Booked): Observed {
  return { what: 'acted', operation };
}

function committed(rows: readonly Logged[]): Observed {
  const steps = rows.map(({ trigger, from, to, operation }) => ({
    trigger,
    from,
    to,
    ...(operation && { operation }),
  }));
  return { what: 'committed', steps };
}
