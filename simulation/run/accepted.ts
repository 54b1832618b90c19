import type { Evidence } from '../judge/evidence.ts';
import type { Breach } from '../judge/invariant.ts';
import { shown } from '../judge/shown.ts';
import { accepts } from '../model/accepts.ts';
import type { Observed, Trace } from '../model/trace.ts';
import { type EventRow, type OperationRow, tracesOf } from '../model/traced.ts';
import { events as inWords } from './events-in-words.ts';

/**
 * Holds what was done in a world against the model of the protocol: each payment's log and the acquirers' books, in
 * their order, are a way that the model could have gone.
 */
export async function acceptedByModel({ sql, journals }: Pick<Evidence, 'sql' | 'journals'>): Promise<Breach[]> {
  const [events, operations] = await Promise.all([
    sql<EventRow[]>`
      SELECT payment_id, tx::text AS tx, at, trigger, from_state, to_state, operation_id
      FROM events ORDER BY payment_id, seq`,
    sql<OperationRow[]>`
      SELECT id, payment_id, kind, provider, amount::text AS amount, against, is_foreign, provider_ref FROM operations`,
  ]);
  const traces = tracesOf(events, operations, [...journals.values()].flat());
  return [...traces].flatMap(([payment, trace]) => {
    const says = refusalOf(payment, trace);
    return says === undefined ? [] : [{ invariant: 'model', payment, says }];
  });
}

/** Enough to see what the model is about. */
const insteadAtMost = 4;

/** What the model cannot do of a trace, and what it could have done there; undefined where it can do all of it. */
function refusalOf(payment: string, trace: Trace): string | undefined {
  const verdict = accepts(trace);
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
