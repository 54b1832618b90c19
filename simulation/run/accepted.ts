import type { Evidence } from '../judge/evidence.ts';
import type { Breach } from '../judge/invariant.ts';
import { shown } from '../judge/shown.ts';
import { accepts } from '../model/accepts.ts';
import type { Observed, Trace } from '../model/trace.ts';
import { type EventRow, type OperationRow, tracesOf } from '../model/traced.ts';
import { events as inWords } from './events-in-words.ts';

/** All transactions before `mark` were over by then, by the one clock that is never wrong. */
export interface Look {
  mark: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Milliseconds: an event that says it is so much older or newer than its commit was told by a clock that is wrong. */
const tolerance = 1_000;

/**
 * Holds what was done in a world against the model of the protocol: each payment's log and the acquirers' books, in
 * their order, are a way that the model could have gone. Where a wrong clock wrote about a payment, a provider may seem
 * to act after its time: then its money has to be given back, and that it moved is no breach.
 *
 * @param looks  In the order of time; without any, clocks are taken to be right.
 */
export async function acceptedByModel(
  { sql, journals }: Pick<Evidence, 'sql' | 'journals'>,
  looks: readonly Look[] = [],
): Promise<Breach[]> {
  const [rows, operations] = await Promise.all([
    sql<EventRow[]>`
      SELECT payment_id, tx::text AS tx, at, trigger, from_state, to_state, operation_id
      FROM events ORDER BY payment_id, seq`,
    sql<OperationRow[]>`
      SELECT id, payment_id, kind, provider, amount::text AS amount, against, is_foreign, provider_ref FROM operations`,
  ]);
  const marks = looks.map(({ mark, at }) => ({ mark: BigInt(mark), at }));
  const mistimed = new Set<string>();
  const events = rows.map((row) => {
    const over = endOf(BigInt(row.tx), marks) ?? row.at.getTime();
    if (Math.abs(over - row.at.getTime()) > tolerance) mistimed.add(row.payment_id);
    return { ...row, at: new Date(Math.min(over, row.at.getTime())) };
  });
  const traces = tracesOf(events, operations, [...journals.values()].flat());
  return [...traces].flatMap(([payment, trace]) => {
    const says = refusalOf(payment, trace, mistimed.has(payment));
    return says === undefined ? [] : [{ invariant: 'model', payment, says }];
  });
}

/** When this transaction was over at the latest: at the first look that had left it behind. */
function endOf(tx: bigint, marks: readonly { mark: bigint; at: number }[]): number | undefined {
  let [from, to] = [0, marks.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((marks[middle]?.mark ?? 0n) > tx) to = middle;
    else from = middle + 1;
  }
  return marks[from]?.at;
}

/** Enough to see what the model is about. */
const insteadAtMost = 4;

/** What the model cannot do of a trace, and what it could have done there; undefined where it can do all of it. */
function refusalOf(payment: string, trace: Trace, promisesBroken: boolean): string | undefined {
  const verdict = accepts(trace, { promisesBroken });
  if (verdict.accepted) return undefined;
  const { at, event, why, instead } = verdict;
  const [before, then] = [trace.events[at - 1], event].map((one) => told(one, trace));
  const could = instead.length > 0 ? ` It could: ${instead.slice(0, insteadAtMost).join('; or ')}.` : '';
  return `Of ${shown('payment', payment)} ${before}, and then ${then}: ${why}.${could}`;
}

function told(event: Observed | undefined, { operations }: Trace): string {
  if (!event) return 'nothing is known';
  const named = (id: string | undefined) => {
    const of = operations.find((one) => one.id === id);
    return of ? ` (${of.kind} of ${of.amount} at ${of.provider})` : '';
  };
  if (event.what === 'acted') return `money moved${named(event.operation)}`;
  return event.steps.map(({ trigger, operation }) => `${inWords[trigger] ?? trigger}${named(operation)}`).join(', ');
}
