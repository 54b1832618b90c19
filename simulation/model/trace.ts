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

/**
 * Brings the log of a payment, in its own order, and the lines of the providers' books, in theirs, into one order of
 * time. Where both are of the same moment, a provider acts after the operation was opened, and before its end.
 */
export function merged(log: readonly Logged[], books: readonly Booked[]): Observed[] {
  const commits = Object.values(Object.groupBy(log, ({ tx }) => `tx ${tx}`)).flatMap((rows) => (rows ? [rows] : []));
  const events: Observed[] = [];
  const opened = new Set<string>();
  let n = 0;
  for (const book of books) {
    for (let rows = commits[n]; rows && isFirst(rows, book, opened); rows = commits[++n]) {
      events.push(committed(rows));
      for (const { operation } of rows) if (operation) opened.add(operation);
    }
    events.push({ what: 'acted', operation: book.operation });
  }
  return [...events, ...commits.slice(n).map(committed)];
}

function isFirst([first]: readonly Logged[], book: Booked, opened: ReadonlySet<string>): boolean {
  if (!first || first.at !== book.at) return first !== undefined && first.at < book.at;
  return !opened.has(book.operation);
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
