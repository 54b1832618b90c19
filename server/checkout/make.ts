import { requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Checkout, Shopper } from './checkout.ts';
import { opens, readPublicId } from './core/capability.ts';
import { checkoutView } from './core/checkout-view.ts';
import { current } from './core/close.ts';
import { confirm } from './core/confirm.ts';
import { createSession } from './core/create.ts';
import { expire } from './core/expire.ts';
import type { Room, Seams } from './core/room.ts';
import type { Session } from './core/session.ts';
import { sessionView } from './core/session-view.ts';
import { makeSessions } from './core/sessions.ts';
import { progressOf, standingOf } from './core/standing.ts';
import { sweeping } from './core/sweep.ts';
import type { Standing } from './view.ts';

export type { Seams } from './core/room.ts';

/** Makes the checkout room. */
export function makeCheckout(seams: Seams): Checkout {
  const room: Room = { ...seams, sessions: makeSessions(seams) };

  async function load(by: { sessionId: string; merchantId: string }): Promise<Session> {
    const session = await room.sessions.find(by);
    if (!session) throw new Refusal('not_found', 'No such checkout session.', { param: 'session' });
    return session;
  }

  async function standing(shopper: Shopper): Promise<Standing> {
    return standingNow(await load(shopper));
  }

  async function standingNow(loaded: Session): Promise<Standing> {
    const { session, progress } = await current(room, loaded);
    return standingOf(room, session, progress);
  }

  return {
    createSession: (caller, input) => createSession(room, caller, input),

    async session(caller, sessionId) {
      requirePermission(caller, 'payments:read');
      const { session, progress } = await current(room, await load({ sessionId, merchantId: caller.merchantId }));
      return sessionView(room, session, progress);
    },

    async expire(caller, sessionId, claim) {
      requirePermission(caller, 'payments:void');
      return expire(room, () => load({ sessionId, merchantId: caller.merchantId }), { caller, claim });
    },

    async bySecret(publicId) {
      const parts = readPublicId(room.mode, publicId);
      const session = parts && (await room.sessions.find(parts));
      if (!session || !opens(session.secretHash, parts.secret)) throw new Refusal('not_found', 'No such checkout.');
      return { kind: 'shopper', merchantId: session.merchantId, sessionId: session.id };
    },

    async view(shopper) {
      return checkoutView(room, await current(room, await load(shopper)));
    },

    async grant(shopper) {
      const session = await load(shopper);
      const stands = await standingNow(session);
      if (stands.kind !== 'open') throw new Refusal('session_expired', 'This checkout takes no card any more.');
      const { merchantId, intentId, currency, amount } = session;
      return room.vault.grantFrame({ merchantId, intentId, currency, maxAmount: amount });
    },

    async confirm(shopper, input) {
      const session = await load(shopper);
      const intent = await confirm(room, shopper, session, input);
      // What is taken stays taken: the log will say so, and close the session. All else may have moved on.
      if (intent?.payment?.state === 'captured') return standingOf(room, session, progressOf(intent));
      return standing(shopper);
    },

    status: standing,

    async back(shopper) {
      const { session, progress } = await current(room, await load(shopper));
      if (progress.kind !== 'waiting') return standingOf(room, session, progress);
      await room.payments.ask(progress.payment.id, session.merchantId);
      return standing(shopper);
    },

    async giveUp(shopper) {
      const { progress } = await current(room, await load(shopper));
      if (progress.kind === 'waiting') await room.payments.giveUp(shopper, progress.payment.id);
      return standing(shopper);
    },

    sweep: sweeping(room),
  };
}
