import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { formatMoney, largestAmount } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { decideCreate } from './core/decide.ts';
import type { Intent, Payment } from './core/payment.ts';
import type { CreateInput } from './payments.ts';
import type { Room } from './room.ts';
import { intentView } from './show.ts';
import type { IntentView } from './view.ts';

/** Opens an intent with its first payment, `initiated`. No provider hears of it. */
export async function create(room: Room, caller: Caller, input: CreateInput): Promise<IntentView> {
  requirePermission(caller, 'payments:create');
  if (input.amount <= 0n)
    throw new Refusal('amount_too_small', 'Ask for at least one minor unit.', { param: 'amount' });
  if (input.amount > largestAmount) {
    const most = formatMoney({ amount: largestAmount, currency: input.currency });
    throw new Refusal('amount_too_large', `Ask for ${most} at most.`, { param: 'amount' });
  }
  const intent = newIntent(room, caller, input);
  const change = decideCreate(intent, newPayment(room, intent), { cause: 'create', actor: actorOf(caller) });
  const payment = await room.commit(change.claimed(input.claim, { kind: 'intent', id: intent.id }));
  return intentView({ ...intent, attempts: 1 }, payment);
}

function newIntent(room: Room, caller: Caller, input: CreateInput): Intent {
  return {
    id: input.intentId ?? room.ids(),
    merchantId: caller.merchantId,
    amount: input.amount,
    currency: input.currency,
    captureMethod: input.captureMethod ?? 'automatic',
    description: input.description ?? null,
    reference: input.reference ?? null,
    receiptEmail: input.receiptEmail ?? null,
    metadata: input.metadata ?? {},
    attempts: 0,
    canceledAt: null,
    cancellationReason: null,
    createdAt: room.clock.now(),
  };
}

/** A payment that nothing has happened to yet: what a birth starts from. */
export function newPayment(room: Room, intent: Intent): Payment {
  const now = room.clock.now();
  return {
    id: room.ids(),
    merchantId: intent.merchantId,
    intentId: intent.id,
    attempt: intent.attempts + 1,
    state: 'initiated',
    version: 0,
    currency: intent.currency,
    amount: intent.amount,
    authorized: 0n,
    captured: 0n,
    refunded: 0n,
    refundReserved: 0n,
    chargedBack: 0n,
    stray: 0n,
    reconciled: null,
    captureMethod: intent.captureMethod,
    provider: null,
    token: null,
    card: null,
    fingerprint: null,
    verdictId: null,
    failureCode: null,
    failureMessage: null,
    createdAt: now,
    updatedAt: now,
    operations: [],
  };
}
