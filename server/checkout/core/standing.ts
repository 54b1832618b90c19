import { showId } from '#server/kernel/id.ts';
import type { IntentView, PaymentView } from '#server/payments/view.ts';
import { type Decline, declineOf } from '../declines.ts';
import { showSessionId } from '../session-id.ts';
import type { Standing } from '../view.ts';
import type { Seams } from './room.ts';
import { sealHolds } from './seal.ts';
import type { Session } from './session.ts';

/**
 * What a session's payment amounts to, read from the payment and never remembered beside it: two memories of one fact
 * would differ one day.
 *
 * - `paid`: the money is taken, or held where the merchant captures by hand.
 * - `waiting`: asked, and no final answer yet. Nothing may be tried until there is one.
 * - `free`: nothing was taken; the next card may try.
 * - `canceled`: nothing was taken and nothing can be.
 */
export type Progress =
  | { kind: 'paid'; payment: PaymentView }
  | { kind: 'waiting'; payment: PaymentView }
  | { kind: 'free'; declined: Decline | null }
  | { kind: 'canceled'; expired: boolean };

export const untried: Progress = { kind: 'free', declined: null };

export function progressOf(intent: IntentView | null): Progress {
  if (!intent) return untried;
  const { payment } = intent;
  if (!payment) return unpaid(intent);
  switch (payment.state) {
    case 'captured':
    case 'reconciled':
    case 'refunded':
      return { kind: 'paid', payment };
    case 'authorized':
      return intent.captureMethod === 'manual' ? { kind: 'paid', payment } : { kind: 'waiting', payment };
    case 'initiated':
    case 'payment_method_captured':
    case 'tokenized':
    case 'failed':
    case 'voided':
      return unpaid(intent);
    default:
      return { kind: 'waiting', payment };
  }
}

function unpaid({ payment, canceledAt, cancellationReason }: IntentView): Progress {
  if (canceledAt) return { kind: 'canceled', expired: cancellationReason === 'expired' };
  return { kind: 'free', declined: declinedBy(payment) };
}

/** How the last attempt ended; null where none has come as far as a provider. */
function declinedBy(payment: PaymentView | null): Decline | null {
  if (payment?.state === 'failed') return declineOf(payment.failureCode);
  return payment?.state === 'voided' ? declineOf('voided') : null;
}

/** What the shopper is told. */
export function standingOf(room: Seams, session: Session, progress: Progress): Standing {
  if (progress.kind === 'paid') return paid(room, session, progress.payment);
  if (progress.kind === 'waiting') return waiting(session, progress.payment);
  if (session.status === 'complete' || (progress.kind === 'canceled' && !progress.expired)) return { kind: 'canceled' };
  if (progress.kind === 'canceled' || session.status === 'expired' || session.expiresAt <= room.clock.now()) {
    return { kind: 'expired' };
  }
  return sealHolds(room.sealKey, session) ? { kind: 'open', declined: progress.declined } : { kind: 'unpayable' };
}

/** What is waited for, where that is known: else nobody can tell what became of the money. */
function waiting(session: Session, { state, challenge, queuedUntil, review }: PaymentView): Standing {
  if (state === 'authorized' && review === 'open') return { kind: 'review' };
  // A link on our own page: anything but http(s) could run as a script there.
  if (challenge && /^https?:\/\//.test(challenge.url)) return { kind: 'challenge', url: challenge.url };
  if (queuedUntil) return { kind: 'queued', until: queuedUntil, email: session.shopperEmail ?? session.customerEmail };
  return { kind: 'processing' };
}

function paid(room: Seams, session: Session, payment: PaymentView): Standing {
  return {
    kind: 'paid',
    card: payment.card,
    reference: session.clientReferenceId ?? showId('intent', payment.intentId),
    paidAt: paidAt(payment),
    returnUrl: session.successUrl.replaceAll('{CHECKOUT_SESSION_ID}', showSessionId(room.mode, session.id)),
  };
}

/** When the shopper's part was done: the authorisation was answered. */
export function paidAt(payment: PaymentView): Date {
  const asked = payment.operations.find(({ kind, status }) => kind === 'authorize' && status === 'accepted');
  return asked?.closedAt ?? payment.updatedAt;
}
