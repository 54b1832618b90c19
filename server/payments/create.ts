import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { formatMoney, largestAmount } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { decideCreate } from './core/decide.ts';
import { type Intent, unborn } from './core/payment.ts';
import type { CreateInput } from './payments.ts';
import type { Room } from './room.ts';
import { intentView } from './show.ts';
import type { IntentView } from './view.ts';

/** Opens an intent with its first payment, `initiated`. No provider hears of it. */
export async function create(room: Room, caller: Caller, wanted: CreateInput): Promise<IntentView> {
  requirePermission(caller, 'payments:create');
  if (wanted.amount <= 0n)
    throw new Refusal('amount_too_small', 'Ask for at least one minor unit.', { param: 'amount' });
  if (wanted.amount > largestAmount) {
    const most = formatMoney({ amount: largestAmount, currency: wanted.currency });
    throw new Refusal('amount_too_large', `Ask for ${most} at most.`, { param: 'amount' });
  }
  const intent = newIntent(room, caller, wanted);
  const change = decideCreate(intent, unborn(intent, { id: room.ids(), at: room.clock.now() }), {
    cause: 'create',
    actor: actorOf(caller),
  });
  const input = await answered(wanted, () => intentView({ ...intent, attempts: 1 }, change.after));
  const payment = await room.commit(change.claimed(input.claim, { kind: 'intent', id: intent.id }));
  return intentView({ ...intent, attempts: 1 }, payment);
}

/** Nobody else knows of the intent yet, so its answer is known before the commit. */
async function answered({ claim, answer, ...input }: CreateInput, made: () => IntentView): Promise<CreateInput> {
  return claim ? { ...input, claim: answer ? { ...claim, answer: await answer(made()) } : claim } : input;
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
