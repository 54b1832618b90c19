import type { RawSql } from '#db/client.ts';
import { actorOf, type Caller } from '#server/auth/caller.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import { claimAlone } from '#server/idempotency/keys.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { IntentView } from '#server/payments/view.ts';
import { stepOrder } from './order-step.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';
import { type Progress, paidAt, progressOf, untried } from './standing.ts';
import { type Closing, closeSession } from './store.ts';

export interface Current {
  session: Session;
  intent: IntentView | null;
  progress: Progress;
}

/** The session together with its payment, closed first where payment or clock have decided it. */
export async function current(room: Room, session: Session): Promise<Current> {
  const seen = await look(room, session);
  const { progress } = seen;
  const late = session.expiresAt <= room.clock.now();
  const over = progress.kind === 'canceled' || (progress.kind === 'free' && late);
  return seen.session.status === 'open' && over ? closeIfPossible(room, session) : seen;
}

async function look(room: Room, session: Session): Promise<Current> {
  const intent = await findIntent(room, session);
  const progress = progressOf(intent);
  if (session.status !== 'open' || progress.kind !== 'paid') return { session, intent, progress };
  const at = paidAt(progress.payment);
  await write(room, session, { status: 'complete', at, caller: asRoom(session) });
  return { session: { ...session, status: 'complete', closedAt: at }, intent, progress };
}

/** An attempt that came in just before the end may be under way still, or have paid by now: then that is the truth. */
async function closeIfPossible(room: Room, session: Session): Promise<Current> {
  try {
    return await close(room, session, { caller: asRoom(session) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const by = { sessionId: session.id, merchantId: session.merchantId };
    return look(room, (await room.sessions.find(by)) ?? session);
  }
}

/**
 * Closes an unpaid session for good.
 *
 * A press of the button and this meet in two places. Where nobody has tried yet, the session's own row decides, since
 * `markAttempt` and this write compare the same columns. Where somebody has, the intent decides: once it is cancelled
 * no payment can be opened on it, and a payment that is under way refuses the cancelling, as does one whose shopper has
 * been told "paid" meanwhile. Hence an intent that an attempt has named but not yet made is made here, to be cancelled.
 *
 * @throws Refusal `operation_unclosed` while an attempt has no answer yet, `illegal_move` where one has paid.
 */
export async function close(room: Room, session: Session, { caller, claim }: Asking): Promise<Current> {
  const at = room.clock.now();
  const untouched = await write(room, session, { status: 'expired', at, onlyUntried: true, caller, claim });
  if (untouched) return { session: expired(session, at), intent: null, progress: untried };
  const found = await ensureIntent(room, session, asRoom(session));
  const intent = found.canceledAt ? found : await endIntent(room, found, { caller, claim });
  const order = intent.cancellationReason === 'expired' ? 'expire' : 'cancel';
  await write(room, session, { status: 'expired', at, order, caller, claim: found.canceledAt ? claim : undefined });
  return { session: expired(session, at), intent, progress: progressOf(intent) };
}

/**
 * The session's intent, ended. Nothing is released for it: money that a card holds is the merchant's to let go. The key
 * of whoever asked is claimed with it: from here on the session is over, wherever this stops, and that is the answer.
 */
async function endIntent(room: Room, { id: intentId }: IntentView, { caller, claim }: Asking): Promise<IntentView> {
  const ended = await room.payments.cancel(caller, { intentId, reason: 'expired', onlyUnpaid: true, claim });
  if (!ended.canceledAt) throw new Refusal('operation_unclosed', 'A payment of this session is under way.');
  return ended;
}

/** Who wants it closed; the key is claimed with whatever decides it. */
export interface Asking {
  caller: Caller;
  claim?: Claim | undefined;
}

interface Write extends Closing, Asking {
  /** How the order of an unpaid session ends: by the clock or the merchant's `expire`, or with its cancelled intent. */
  order?: 'expire' | 'cancel';
}

/**
 * Closes, ends the order of what was not paid, and claims the key of whoever asked for it, in one transaction. An order
 * that was paid goes on when the log says so.
 */
function write(room: Room, session: Session, { caller, claim, order = 'expire', ...closing }: Write) {
  return room.transact('checkout.close', async (tx) => {
    const closed = await closeSession(tx, session, closing);
    if (!closed) return false;
    if (closing.status === 'expired') {
      const because = { cause: 'session', actor: actorOf(caller), at: closing.at };
      await stepOrder(tx, await orderOf(tx, session), { from: 'open', trigger: order, ...because });
    }
    if (claim) await claimAlone(tx, claim, { kind: 'session', id: session.id }, closing.at);
    return true;
  });
}

async function orderOf(tx: RawSql, { id }: Session): Promise<{ orderId: string }> {
  const [order] = await tx<{ orderId: string }[]>`SELECT id AS "orderId" FROM orders WHERE session_id = ${id}`;
  invariant(order, 'a session was made with its order');
  return order;
}

function expired(session: Session, at: Date): Session {
  return { ...session, status: 'expired', closedAt: at };
}

/** The room itself, where nobody asked: the clock did. */
export function asRoom(session: Session): Caller {
  return { kind: 'workload', merchantId: session.merchantId, name: 'checkout' };
}

export async function findIntent(room: Room, session: Session): Promise<IntentView | null> {
  if (!session.attemptedAt) return null;
  try {
    return await room.payments.intent(asRoom(session), session.intentId);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return null;
    throw error;
  }
}

/** The session's intent, made where it is missing. */
export async function ensureIntent(room: Room, session: Session, caller: Caller): Promise<IntentView> {
  const known = await findIntent(room, { ...session, attemptedAt: session.attemptedAt ?? room.clock.now() });
  return known ?? createIntent(room, session, caller);
}

/** The session's intent, made. Two at once make one: the second reads what the first has made. */
export async function createIntent(room: Room, session: Session, caller: Caller): Promise<IntentView> {
  const { intentId, amount, currency, captureMethod, clientReferenceId, shopperEmail, customerEmail } = session;
  try {
    return await room.payments.create(caller, {
      intentId,
      amount,
      currency,
      captureMethod,
      reference: clientReferenceId ?? undefined,
      receiptEmail: shopperEmail ?? customerEmail ?? undefined,
    });
  } catch (error) {
    const made = await findIntent(room, { ...session, attemptedAt: room.clock.now() });
    if (made) return made;
    throw error;
  }
}
