import { type Booked, type Logged, merged, type Trace, type TracedOperation } from './trace.ts';

/** A row of the table `events`, by the payment, in the order of `seq`. */
export interface EventRow {
  payment_id: string;
  tx: string;
  at: Date;
  trigger: string;
  from_state: string | null;
  to_state: string;
  operation_id: string | null;
}

/** A row of the table `operations`. */
export interface OperationRow {
  id: string;
  payment_id: string;
  kind: string;
  provider: string;
  amount: bigint | number | string;
  against: string | null;
  is_foreign: boolean;
  provider_ref: string | null;
}

/** A line of an acquirer's books. */
export interface BookLine {
  at: string;
  id: string;
  /** The operation's id and its step, where we asked for it. */
  key: string;
  kind: string;
}

/** All payments of a world, each as a trace. Lines of the books that are about no operation of ours are left out. */
export function tracesOf(
  events: readonly EventRow[],
  operations: readonly OperationRow[],
  books: readonly BookLine[],
): Map<string, Trace> {
  const foreign = new Map(operations.flatMap((one) => (one.is_foreign ? [[one.provider_ref ?? '', one.id]] : [])));
  const ours = new Map(operations.map(({ id, payment_id }) => [id, payment_id]));
  const lines = books.flatMap(({ at, id, key }): Booked[] => {
    const operation = foreign.get(id) ?? key.slice(0, key.lastIndexOf('-'));
    return ours.has(operation) ? [{ what: 'acted', operation, at: Date.parse(at) }] : [];
  });
  const of = Map.groupBy(operations, ({ payment_id }) => payment_id);
  const acts = Map.groupBy(lines, ({ operation }) => ours.get(operation));
  const logs = Map.groupBy(events, ({ payment_id }) => payment_id);
  return new Map(
    [...logs].map(([payment, rows]) => {
      const traced = { operations: (of.get(payment) ?? []).map(operation), events: [] };
      return [payment, { ...traced, events: merged(rows.map(logged), inTime(acts.get(payment) ?? [])) }];
    }),
  );
}

function inTime(lines: readonly Booked[]): Booked[] {
  return lines.toSorted((a, b) => a.at - b.at);
}

function logged({ tx, at, trigger, from_state, to_state, operation_id }: EventRow): Logged {
  const step = { trigger, from: from_state, to: to_state } as Pick<Logged, 'trigger' | 'from' | 'to'>;
  return { ...step, tx, at: at.getTime(), ...(operation_id !== null && { operation: operation_id }) };
}

function operation({ id, kind, provider, amount, against, is_foreign }: OperationRow): TracedOperation {
  const of = { id, kind: kind as TracedOperation['kind'], provider, amount: Number(amount) };
  return { ...of, ...(against !== null && { against }), ...(is_foreign && { foreign: true }) };
}
