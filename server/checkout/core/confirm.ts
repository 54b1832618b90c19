import type { Claim } from '#server/idempotency/claim.ts';
import { once } from '#server/idempotency/once.ts';
import { Refusal, type RefusalCode } from '#server/kernel/refusal.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { IntentView } from '#server/payments/view.ts';
import type { ConfirmSessionInput, Shopper } from '../checkout.ts';
import { showSessionId } from '../session-id.ts';
import { createIntent, ensureIntent } from './close.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';
import { checkSeal, refuseChanged } from './tampering.ts';
import { checkEmail } from './terms.ts';

// Trying stolen cards one after another is what a checkout is abused for; a shopper with ten cards is not.
const mostAttempts = 10;

// "Somebody has been here already": a second tab, a second press, an answer that was lost. Where the session stands
// says all that the shopper needs to know, so that these are no errors.
const overtaken: readonly RefusalCode[] = [
  'idempotency_in_flight',
  'live_payment_exists',
  'operation_unclosed',
  'illegal_move',
  'intent_canceled',
  'stale',
];

/**
 * Pays a session. Returns once there is something to tell.
 *
 * @returns  The intent with its payment where this press has paid; otherwise the caller reads from the session's
 *           standing what there is to tell.
 * @throws Refusal `cart_changed` where the stored cart is not the sealed one: then no provider is called.
 * @throws Refusal `throttled` after ten attempts, `idempotency_mismatch` for an attempt made before with another card.
 */
export async function confirm(
  room: Room,
  shopper: Shopper,
  session: Session,
  input: ConfirmSessionInput,
): Promise<IntentView | undefined> {
  checkSeal(room, session);
  const claim = claimOf(room, session, input);
  const email = input.email?.trim() || null;
  if (email) checkEmail(email);
  try {
    const done = await once(room.keys, claim, () => pay(room, shopper, { session, input, email, claim }));
    return done.kind === 'acted' ? done.value : undefined;
  } catch (error) {
    if (error instanceof Refusal && overtaken.includes(error.code)) return undefined;
    throw error;
  }
}

interface Press {
  session: Session;
  input: ConfirmSessionInput;
  email: string | null;
  claim: Claim;
}

async function pay(room: Room, shopper: Shopper, press: Press): Promise<IntentView | undefined> {
  const { session, input, email, claim } = press;
  const { id: sessionId, merchantId } = session;
  const pressed = await room.sessions.markAttempt({ sessionId, merchantId, now: room.clock.now(), email });
  if (pressed === 'closed') return undefined;
  const made = pressed === 'first' ? createIntent : ensureIntent;
  const intent = await made(room, { ...session, shopperEmail: email }, shopper);
  checkIntent(room, session, intent);
  if ((intent.payment?.attempt ?? 0) >= mostAttempts) {
    throw new Refusal(
      'throttled',
      'Too many cards were tried. You were not charged. Go back to the shop and start again.',
    );
  }
  return room.payments.confirm(shopper, {
    intentId: session.intentId,
    token: input.token,
    shopper: { address: input.address, email: email ?? undefined },
    // Without the secret that opens the checkout: banks and providers read it, and the database keeps what was sent.
    returnUrl: `${room.webUrl}/checkout/${showSessionId(room.mode, session.id)}/return`,
    claim,
  });
}

/** The intent is written from the sealed cart and never changed; this is the last look before the money. */
function checkIntent(room: Room, session: Session, intent: IntentView): void {
  const same =
    intent.merchantId === session.merchantId &&
    intent.amount === session.amount &&
    intent.currency === session.currency &&
    intent.captureMethod === session.captureMethod;
  if (!same) refuseChanged(room, session);
}

function claimOf(room: Room, session: Session, { attempt, token }: ConfirmSessionInput): Claim {
  if (!/^[\w-]{16,64}$/.test(attempt))
    throw new Refusal('invalid_input', 'An attempt is named by 16 to 64 letters and digits.');
  return {
    merchantId: session.merchantId,
    key: `${showSessionId(room.mode, session.id)}/${attempt}`,
    fingerprint: sha256(`checkout confirm ${session.id} ${token}`),
  };
}
