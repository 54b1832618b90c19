import type { Mode } from '#server/auth/caller.ts';
import { showId } from '#server/kernel/id.ts';
import type { IntentView, PaymentView } from '#server/payments/view.ts';
import { type Decline, declineOf } from '../declines.ts';
import { showSessionId } from '../session-id.ts';
import type { Standing } from '../view.ts';
import type { Session } from './session.ts';

/**
 * What a session's payment amounts to, read from the payment and never remembered beside it: two memories of one fact
 * would differ one day.
 *
 * - `paid`: the money is taken, or held where the merchant captures by hand.
 * - `waiting`: asked, and no final answer yet. Nothing may be tried until there is one.
 * - `free`: nothing was taken; the next card may try.
 */
export type Progress =
  | { kind: 'paid'; payment: PaymentView }
  | { kind: 'waiting' }
  | { kind: 'free'; declined: Decline | null };

export function progressOf(intent: IntentView | null): Progress {
  const payment = intent?.payment;
  if (!payment) return { kind: 'free', declined: null };
  switch (payment.state) {
    case 'captured':
    case 'reconciled':
    case 'refunded':
      return { kind: 'paid', payment };
    case 'authorized':
      return intent.captureMethod === 'manual' ? { kind: 'paid', payment } : { kind: 'waiting' };
    case 'failed':
      return { kind: 'free', declined: declineOf(payment.failureCode) };
    case 'voided':
      return { kind: 'free', declined: declineOf('voided') };
    default:
      return { kind: 'waiting' };
  }
}

/** What the shopper is told. A closed session keeps its word: `complete` is paid, whatever was refunded since. */
export function standingOf(session: Session, progress: Progress, { now, mode }: { now: Date; mode: Mode }): Standing {
  if (progress.kind === 'paid') return paid(session, progress.payment, mode);
  if (progress.kind === 'waiting') return { kind: 'processing' };
  if (session.status !== 'open' || session.expiresAt <= now) return { kind: 'expired' };
  return { kind: 'open', declined: progress.declined };
}

function paid(session: Session, payment: PaymentView, mode: Mode): Standing {
  return {
    kind: 'paid',
    card: payment.card,
    reference: session.clientReferenceId ?? showId('intent', payment.intentId),
    paidAt: paidAt(payment),
    returnUrl: session.successUrl.replaceAll('{CHECKOUT_SESSION_ID}', showSessionId(mode, session.id)),
  };
}

/** When the shopper's part was done: the authorisation was answered. */
export function paidAt(payment: PaymentView): Date {
  const asked = payment.operations.find(
    (operation) => operation.kind === 'authorize' && operation.status === 'accepted',
  );
  return asked?.closedAt ?? payment.updatedAt;
}
