import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { asking } from './ask.ts';
import { type Confirmation, decideConfirm, mayConfirm } from './core/decide.ts';
import { draft } from './core/draft.ts';
import { drive } from './core/drive.ts';
import { type Intent, type Payment, unborn } from './core/payment.ts';
import type { ConfirmInput } from './payments.ts';
import type { Room } from './room.ts';
import { intentView } from './show.ts';
import type { IntentView } from './view.ts';

/**
 * Pays an intent with a tokenised card. After a decline the next confirmation opens another payment of the same intent.
 *
 * @returns  The intent with what is known when the answer came: a decline is not an error here, and neither is silence.
 * @throws   Refusal `token_unusable`, `intent_canceled`, `illegal_move`, `operation_unclosed`: nothing was changed.
 */
export async function confirm(room: Room, caller: Caller, input: ConfirmInput): Promise<IntentView> {
  requirePermission(caller, 'payments:confirm');
  const of = { merchantId: caller.merchantId, intentId: input.intentId };
  const begin = () => room.again(input.intentId, () => open(room, caller, input));
  const { intent, payment, authorize } = await asking(room, of, begin);
  return intentView(intent, await drive(room, payment, authorize));
}

/** Commits the payment up to its opened authorisation, or to its end where risk says no. */
async function open(room: Room, caller: Caller, input: ConfirmInput) {
  const { intent, payment: latest } = await room.load.intent(caller.merchantId, input.intentId);
  mayConfirm(intent, latest);
  const payment = latest?.state === 'initiated' ? latest : unborn(intent, { id: room.ids(), at: room.clock.now() });
  const confirmation = await ask(room, { intent, payment, input });
  const change = decideConfirm(intent, payment, confirmation, { cause: 'confirm', actor: actorOf(caller) });
  const committed = await room.commit(change.claimed(input.claim, { kind: 'intent', id: intent.id }));
  return { intent, payment: committed, authorize: change.opened[0] };
}

/** The questions before the money: whose card is it, what does risk say, who shall be asked. Nothing is written. */
async function ask(room: Room, { intent, payment, input }: { intent: Intent; payment: Payment; input: ConfirmInput }) {
  const { merchantId, amount, currency } = intent;
  const facts = await room.vault.describe(input.token, { merchantId, intentId: intent.id, currency, amount });
  const { fingerprint, ...card } = facts;
  const address = input.shopper?.address ?? null;
  const verdict = await room.risk.assess({ merchantId, amount, currency, fingerprint, address });
  const wish = { payment: payment.id, merchantId, amount, currency, brand: card.brand };
  const plan = await room.routing.plan(wish, room.providers.health());
  const [provider, ...untried] = plan.providers;
  const returnUrl = input.returnUrl ?? null;
  const asking = { ...payment, untried, returnUrl };
  const authorize = provider ? draft(room, asking, { kind: 'authorize', provider, amount }) : undefined;
  const { token } = input;
  const confirmation: Confirmation = {
    token,
    card,
    fingerprint,
    verdict,
    plan,
    returnUrl,
    authorize,
    at: room.clock.now(),
    queueFor: room.queueFor,
  };
  return confirmation;
}
