import { showId } from '#server/kernel/id.ts';
import { keyOf, type Order } from '#server/providers/contract.ts';
import type { Room } from '../room.ts';
import { type Operation, type Payment, providerRef } from './payment.ts';

/** How long a send may stay on its way before the vault refuses to let it leave. */
const sendWindow = 12_000;

/** How long after a send its silence is asked about; a crash may have come between. */
const firstInquiryAfter = 5_000;

/** What is wanted of a provider. */
export type Wanted = Pick<Operation, 'kind' | 'provider' | 'amount'> &
  Partial<Pick<Operation, 'reason' | 'note' | 'against' | 'targetRef'>>;

/** Drafts an operation: its id, its request with placeholders, its first send, all to be committed before it leaves. */
export function draft(room: Room, payment: Payment, wanted: Wanted): Operation {
  const bare = unsent(room, wanted);
  return { ...bare, request: room.providers.request(wanted.provider, orderOf(payment, bare)) };
}

function unsent(room: Room, wanted: Wanted): Operation {
  const now = room.clock.now();
  return {
    reason: null,
    note: null,
    against: null,
    targetRef: null,
    ...wanted,
    id: room.ids(),
    status: 'open',
    step: 1,
    sends: 1,
    sentAt: now,
    sendBefore: new Date(now.getTime() + sendWindow),
    openedAt: now,
    closedAt: null,
    providerRef: null,
    fee: null,
    code: null,
    message: null,
    challengeUrl: null,
    isForeign: false,
    inquiries: 0,
    askedAt: now,
    askAt: new Date(now.getTime() + firstInquiryAfter),
    request: { method: '', path: '' },
  };
}

/** A refund that the provider made without us, as it is put on record. */
export function foreign(
  room: Room,
  { provider, amount, ref }: { provider: string; amount: bigint; ref: string },
): Operation {
  const now = room.clock.now();
  return {
    ...unsent(room, { kind: 'refund', provider, amount }),
    status: 'accepted',
    closedAt: now,
    providerRef: ref,
    isForeign: true,
  };
}

/** The same operation on its way once more: only its number and its time differ, never its key or its request. */
export function sentAgain(room: Room, operation: Operation): Operation {
  const now = room.clock.now();
  return {
    ...operation,
    message: null,
    sends: operation.sends + 1,
    sentAt: now,
    sendBefore: new Date(now.getTime() + sendWindow),
  };
}

/** An operation as its provider is asked for it. */
export function orderOf(payment: Payment, operation: Operation): Order {
  const { kind, targetRef } = operation;
  const blocked = kind === 'cancel' ? payment.operations.find(({ id }) => id === operation.against) : undefined;
  // Some providers name an authorization before it is decided.
  const undecided = kind === 'authorize' ? operation.providerRef : blocked?.providerRef;
  const authorizationRef = (kind === 'void' && targetRef) || undecided || providerRef(payment, 'authorize');
  const captureRef = (kind === 'refund' && targetRef) || providerRef(payment, 'capture');
  return {
    operation: operation.id,
    step: operation.step,
    kind,
    payment: payment.id,
    merchantId: payment.merchantId,
    intentId: payment.intentId,
    amount: operation.amount,
    currency: payment.currency,
    reference: showId('payment', payment.id),
    ...(authorizationRef && { authorizationRef }),
    ...(captureRef && { captureRef }),
    ...(blocked && { blocks: keyOf({ operation: blocked.id, step: blocked.step }) }),
    ...(kind === 'authorize' && payment.returnUrl && { returnUrl: payment.returnUrl }),
  };
}
