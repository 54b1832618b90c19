import { about, type Change, type StepDetail } from './change.ts';
import type { Fact } from './machine.ts';
import { isUnclosed, type Operation } from './payment.ts';
import { close, type Told } from './told.ts';

/** Milliseconds until a queued payment is tried again; each further time twice as long, up to the last. */
const tryAgainAfter = 2_000;
const tryAgainAtMost = 30_000;

/**
 * Goes on to the next provider of the plan, in the commit of the definite "no" before it. Never on an unknown outcome:
 * two providers could hold the money then.
 *
 * @returns  Undefined where no provider is left that takes charges: nothing was changed.
 */
export function tryNext(change: Change, no: { fact: Fact; detail: StepDetail }, told: Told): Change | undefined {
  const payment = change.after;
  const onward = told.onward(payment);
  return onward && opened(change.fact(no.fact, no.detail), onward, told);
}

function opened(change: Change, { provider, untried }: { provider: string; untried: string[] }, told: Told): Change {
  const before = change.after.provider;
  change.set({ provider, untried });
  const payment = change.after;
  const authorize = told.draft({ kind: 'authorize', provider, amount: payment.amount }, payment);
  const plan = `${provider}: next of the plan, since ${before} did not take it`;
  return change.fact('operation_opened', { ...about(authorize), data: { plan } }).open(authorize);
}

/** After a send that nobody took: the next provider, or the queue, until the time for that is over. */
export function onwardOrQueue(change: Change, operation: Operation, told: Told): Change {
  const onward = told.onward(change.after);
  if (onward) return opened(change, onward, told);
  return queue(change, { at: told.at, since: firstTry(change, operation), queueFor: told.queueFor });
}

/** When the first authorization of this payment was asked for: from then on the shopper waits. */
function firstTry({ after }: Change, operation: Operation): Date {
  return after.operations.find(({ kind }) => kind === 'authorize')?.openedAt ?? operation.openedAt;
}

/** No provider takes charges: the payment waits for one, or ends unpaid when it has waited long enough. */
export function queue(change: Change, { at, since, queueFor }: { at: Date; since: Date; queueFor: number }): Change {
  const queuedUntil = new Date(since.getTime() + queueFor);
  if (at >= queuedUntil) return unqueue(change).move('abandon').set({ failureCode: 'provider_unavailable' });
  const tries = change.after.operations.length;
  const pause = Math.min(tryAgainAfter * 2 ** Math.min(tries, 10), tryAgainAtMost);
  const tryAt = new Date(Math.min(at.getTime() + pause, queuedUntil.getTime()));
  return change.set({ queuedUntil, tryAt }).fact('queued', { data: { until: queuedUntil } });
}

export function unqueue(change: Change): Change {
  return change.set({ queuedUntil: null, tryAt: null });
}

/**
 * The tombstone lies: what it blocks did nothing and never will. An abandoned challenge ends the payment; a request
 * that was lost goes to the next provider, or waits for one, which only the tombstone makes safe.
 */
export function blocked(change: Change, cancel: Operation, told: Told): Change {
  const lost = change.after.operations.find(({ id }) => id === cancel.against);
  if (!lost || !isUnclosed(lost)) return change.fact('operation_absent', about(cancel));
  const detail = { ...about(lost), data: { cancel: cancel.id } };
  if (lost.status === 'challenged') {
    close(change, lost, { status: 'refused', code: 'authentication_required' }, told);
    return change.move('decline', detail).set({ failureCode: 'authentication_required', failureMessage: null });
  }
  close(change, lost, { status: 'absent' }, told);
  return onwardOrQueue(change.fact('operation_absent', detail), lost, told);
}
