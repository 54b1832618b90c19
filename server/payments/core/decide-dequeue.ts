import { about, type Because, Change } from './change.ts';
import { queue, unqueue } from './decide-onward.ts';
import type { Operation, Payment } from './payment.ts';

/** Decides the next try of a queued payment: an authorization, a longer wait where nobody takes it, or its end. */
export function decideDequeue(
  payment: Payment,
  {
    at,
    queueFor,
    authorize,
    untried,
    because,
  }: { at: Date; queueFor: number; authorize: Operation | undefined; untried: string[]; because: Because },
): Change {
  const change = new Change(payment, because);
  if (!authorize) {
    const since = new Date((payment.queuedUntil ?? at).getTime() - queueFor);
    return queue(change, { at, since, queueFor });
  }
  return unqueue(change)
    .set({ provider: authorize.provider, untried })
    .fact('operation_opened', { ...about(authorize), data: { plan: `${authorize.provider}: takes charges again` } })
    .open(authorize);
}
