import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { CreateSessionInput } from '../checkout.ts';
import type { SessionView } from '../view.ts';
import { secretHash, sessionSecret } from './capability.ts';
import { cartTotal } from './cart.ts';
import type { Room, Seams } from './room.ts';
import { sealKeyId, sealOf } from './seal.ts';
import type { Session } from './session.ts';
import { sessionView } from './session-view.ts';
import { untried } from './standing.ts';
import { checkTerms, sessionExpiry } from './terms.ts';

/** Makes a session: adds up the cart, seals it, and stores it in the commit that claims the idempotency key. */
export async function createSession(room: Room, caller: Caller, input: CreateSessionInput): Promise<SessionView> {
  requirePermission(caller, 'payments:create');
  const now = room.clock.now();
  const session = drawUp(room, { merchantId: caller.merchantId, input, now });
  await room.sessions.insert({ session, orderId: room.ids(), caller, claim: input.claim });
  return sessionView(room, session, untried);
}

function drawUp(
  room: Seams,
  { merchantId, input, now }: { merchantId: string; input: CreateSessionInput; now: Date },
): Session {
  checkTerms(room.mode, input);
  const amount = cartTotal(input.lineItems, input.currency);
  const id = room.ids();
  const fixed = {
    id,
    merchantId,
    intentId: room.ids(),
    currency: input.currency,
    amount,
    captureMethod: input.captureMethod ?? ('automatic' as const),
    items: input.lineItems.map((item) => ({
      id: room.ids(),
      name: item.name.trim(),
      description: item.description?.trim() || null,
      unitAmount: item.unitAmount,
      quantity: item.quantity,
    })),
    successUrl: input.successUrl,
    cancelUrl: input.cancelUrl ?? null,
    clientReferenceId: input.clientReferenceId ?? null,
    customerEmail: input.customerEmail ?? null,
    metadata: input.metadata ?? {},
    createdAt: now,
    expiresAt: sessionExpiry(now, input.expiresAt),
  };
  return {
    ...fixed,
    secretHash: secretHash(sessionSecret(room.sealKey, id)),
    seal: sealOf(room.sealKey, fixed),
    sealKey: sealKeyId(room.sealKey),
    shopperEmail: null,
    attemptedAt: null,
    status: 'open',
    closedAt: null,
  };
}
