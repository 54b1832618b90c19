import { Refusal } from '#server/kernel/refusal.ts';
import { about, Change } from './change.ts';
import { beginCapture } from './decide-outcome.ts';
import { type Payment, unclosedMove } from './payment.ts';
import type { Told } from './told.ts';

/** Decides a review, and in the same commit what follows: the capture of an automatic payment, or a void. */
export function decideReview(
  payment: Payment,
  { verdict, note }: { verdict: 'approve' | 'reject'; note: string | null },
  told: Told,
): Change {
  if (payment.review !== 'open') throw new Refusal('illegal_move', 'Nobody has to look at this payment.');
  if (payment.state !== 'authorized') {
    throw new Refusal('illegal_move', `A payment that is ${payment.state} cannot be reviewed.`);
  }
  if (unclosedMove(payment)) {
    throw new Refusal('operation_unclosed', 'This payment waits for an answer. Look at it again in a moment.');
  }
  const review = verdict === 'approve' ? ('approved' as const) : ('rejected' as const);
  const change = new Change(payment, told.because).fact('review_closed', { data: { verdict, note } }).set({ review });
  if (review === 'approved') return payment.captureMethod === 'automatic' ? beginCapture(change, told) : change;
  const { authorized: amount, provider } = payment;
  const release = told.draft(
    { kind: 'void', provider: provider ?? '', amount, reason: 'review_rejected' },
    change.after,
  );
  return change.fact('operation_opened', { ...about(release), data: { reason: release.reason } }).open(release);
}
