import { showId } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import type { Order } from '#server/providers/contract.ts';
import type { Room } from '../room.ts';
import { type Operation, type Payment, providerRef } from './payment.ts';

/** How long a send may stay on its way before the vault refuses to let it leave. */
const sendWindow = 20_000;

/** What is wanted of a provider. */
export type Wanted = Pick<Operation, 'kind' | 'provider' | 'amount'> & Partial<Pick<Operation, 'reason' | 'note'>>;

/** Drafts an operation: its id, its request with placeholders, its first send, all to be committed before it leaves. */
export function draft(room: Room, payment: Payment, wanted: Wanted): Operation {
  const now = room.clock.now();
  const bare: Operation = {
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
    reason: wanted.reason ?? null,
    note: wanted.note ?? null,
    request: { method: '', path: '' },
  };
  return { ...bare, request: room.providers.request(wanted.provider, orderOf(payment, bare)) };
}

/** An operation as its provider is asked for it. */
export function orderOf(payment: Payment, operation: Operation): Order {
  invariant(operation.kind !== 'cancel', 'a cancel is not sent as an order');
  const authorizationRef = providerRef(payment, 'authorize');
  const captureRef = providerRef(payment, 'capture');
  return {
    operation: operation.id,
    step: operation.step,
    kind: operation.kind,
    payment: payment.id,
    merchantId: payment.merchantId,
    intentId: payment.intentId,
    amount: operation.amount,
    currency: payment.currency,
    reference: showId('payment', payment.id),
    ...(authorizationRef === null ? {} : { authorizationRef }),
    ...(captureRef === null ? {} : { captureRef }),
  };
}
