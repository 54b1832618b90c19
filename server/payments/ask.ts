import { hasPassed } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Because } from './core/change.ts';
import { decideCancelOf, decideResend } from './core/decide-again.ts';
import { draft, orderOf, sentAgain } from './core/draft.ts';
import { drive } from './core/drive.ts';
import type { Journey } from './core/load.ts';
import { isUnclosed, type Operation, type Payment } from './core/payment.ts';
import { record } from './record.ts';
import type { Room } from './room.ts';

/** Milliseconds by which processes may differ that go by one clock, or, as the vault, by its own database's. */
const clockSkew = 5_000;
/** An answer that is this young may still be on its way back to whoever sent the request. */
const patience = 2_000;
/** After this, a shopper is no longer waiting: what was lost on the way is then blocked rather than sent again. */
const shopperWaits = 120_000;
/** How long a bank waits for the shopper. */
export const challengeFor = 900_000;
const sendsAtMost = 4;
/** Milliseconds between a send and the next; each further time twice as long. */
const firstResendAfter = 4_000;

const sweeper = { cause: 'sweep', actor: { kind: 'workload', id: 'worker' } };

/**
 * Asks about everything unclosed of a payment, before a new verb begins and when a shopper comes back from a challenge.
 * What was asked about within the last two seconds is left alone.
 */
export async function ask(room: Room, merchantId: string, paymentId: string): Promise<void> {
  const ids = await claimOf(room, paymentId);
  for (const id of ids) await inquire(room, { id, paymentId, merchantId });
}

function claimOf(room: Room, paymentId: string): Promise<string[]> {
  const now = room.clock.now();
  const before = new Date(now.getTime() - patience);
  const next = new Date(now.getTime() + patience);
  return room.transact('payments.ask', async (tx) => {
    const rows = await tx<{ id: string }[]>`
      UPDATE operations SET asked_at = ${now}, inquiries = inquiries + 1, ask_at = ${next} WHERE id IN (
        SELECT id FROM operations
        WHERE payment_id = ${paymentId} AND closed_at IS NULL
          AND (asked_at < ${before} OR status = 'challenged' AND inquiries = 0)
        ORDER BY id LIMIT 20 FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    return rows.map(({ id }) => id);
  });
}

export interface Asked {
  id: string;
  paymentId: string;
  merchantId: string;
}

/** Asks what became of one operation, whose question was claimed, and records what that brings. */
export async function inquire(room: Room, { id, paymentId, merchantId }: Asked): Promise<void> {
  const { payment } = await room.load.payment(merchantId, paymentId);
  const operation = payment.operations.find((one) => one.id === id);
  if (!operation || !isUnclosed(operation)) return;
  // A cancel has no state to ask about: it is told once more, under its key.
  if (operation.kind === 'cancel') return resend(room, payment, operation);
  const asked = room.clock.now();
  const outcome = await room.providers.inquire(operation.provider, orderOf(payment, operation));
  room.pulse.heard(operation.provider, hasAnswered(outcome));
  switch (outcome.kind) {
    case 'unknown':
    case 'not_taken':
      return;
    case 'absent':
      if (canGoOn(room, operation) || !isFinal(room, operation, asked)) return repair(room, payment, operation);
      break;
    case 'pending':
    case 'challenged':
      if (outcome.kind === operation.status) return abandonChallenge(room, payment, operation);
  }
  const report = { payment, operationId: id, outcome, cause: 'inquiry', send: operation.sends } as const;
  const { payment: after, opened } = await record(room, report);
  await drive(room, after, opened);
}

/** Also an answer that settles nothing shows that somebody is there. */
function hasAnswered({ kind, exchange }: Outcome): boolean {
  return kind === 'unknown' || kind === 'not_taken' ? exchange.status !== undefined : true;
}

/**
 * "Not found" is final only once no request of ours can still be under way and the provider's own view has caught up,
 * by the time of the question and not of the answer.
 */
function isFinal(room: Room, operation: Operation, asked: Date): boolean {
  const { maxInFlight, inquiryLag } = room.providers.capabilities(operation.provider);
  const { sentAt, sendBefore } = operation;
  const latest = Math.max(sentAt.getTime(), sendBefore.getTime());
  const until = new Date(latest + maxInFlight + inquiryLag + clockSkew);
  return hasPassed(room.clock, { since: sentAt, until, now: asked });
}

/** Whether a lost authorization may be tried again elsewhere: only where its provider can be kept from doing it. */
function canGoOn(room: Room, { kind, provider }: Operation): boolean {
  return kind === 'authorize' && room.providers.capabilities(provider).tombstone;
}

/**
 * The provider answers, and does not know it yet: most likely it never arrived. While the key is young the same request
 * is sent again under it, which is safe wherever the first one may be. An authorization that nobody waits for any more
 * is blocked instead, where the provider can.
 */
async function repair(room: Room, payment: Payment, operation: Operation): Promise<void> {
  const { keyLifetime, tombstone } = room.providers.capabilities(operation.provider);
  const age = room.clock.now().getTime() - operation.openedAt.getTime();
  const waitedFor = operation.kind !== 'authorize' || age < shopperWaits;
  if (waitedFor && age < keyLifetime / 2 && operation.sends < sendsAtMost) {
    const from = resendFrom(operation);
    return room.clock.now() < from ? askAt(room, operation, from) : resend(room, payment, operation);
  }
  if (operation.kind === 'authorize' && tombstone) return block(room, payment, operation);
}

/**
 * From when on it may be sent again: not while the last send may still be in a line of ours, and each time later, since
 * a provider that hangs is not helped by more of the same.
 */
function resendFrom({ message, sentAt, sendBefore, sends }: Operation): Date {
  const pause = new Date(sentAt.getTime() + firstResendAfter * 2 ** (sends - 1));
  // Only a send that has ended without an answer has left a word.
  return message === null && sendBefore > pause ? sendBefore : pause;
}

async function askAt(room: Room, { id }: Operation, at: Date): Promise<void> {
  await room.transact(
    'payments.ask-at',
    (tx) => tx`UPDATE operations SET ask_at = ${at} WHERE id = ${id} AND closed_at IS NULL`,
  );
}

async function resend(room: Room, { merchantId, id }: Payment, { id: operationId }: Operation): Promise<void> {
  const sent = await room.again(id, async () => {
    const { payment } = await room.load.payment(merchantId, id);
    const operation = payment.operations.find((one) => one.id === operationId);
    if (!operation || !isUnclosed(operation)) return undefined;
    const again = sentAgain(room, operation);
    return { payment: await room.commit(decideResend(payment, operation, again, sweeper)), again };
  });
  if (sent) await drive(room, sent.payment, sent.again);
}

async function abandonChallenge(room: Room, payment: Payment, operation: Operation): Promise<void> {
  const age = room.clock.now().getTime() - operation.openedAt.getTime();
  const { cancelsChallenges } = room.providers.capabilities(operation.provider);
  if (operation.status === 'challenged' && age > challengeFor && cancelsChallenges)
    await block(room, payment, operation);
}

/** Has a request of ours blocked at a provider that leaves tombstones, and records what came of that. */
export async function block(
  room: Room,
  { merchantId, id }: Payment,
  { id: operationId }: Operation,
  because: Because = sweeper,
): Promise<void> {
  const blocking = await room.again(id, async () => {
    const { payment } = await room.load.payment(merchantId, id);
    const lost = payment.operations.find((one) => one.id === operationId);
    if (!lost || !isUnclosed(lost)) return undefined;
    const cancel = draft(room, payment, {
      kind: 'cancel',
      provider: lost.provider,
      amount: lost.amount,
      against: lost.id,
    });
    const change = decideCancelOf(payment, lost, cancel, because);
    return change && { payment: await room.commit(change), cancel };
  });
  if (blocking) await drive(room, blocking.payment, blocking.cancel);
}

/** Refusals that an answer which is still out might turn into a yes. */
const waitingForAnswers = ['operation_unclosed', 'illegal_move', 'amount_too_large'];

/**
 * Runs a verb. Where it is refused although something of the payment is unclosed, that is asked about first, and the
 * verb decided again on what came of it: an old silence refuses nobody.
 */
export async function asking<T>(
  room: Room,
  of: { merchantId: string; paymentId: string } | { merchantId: string; intentId: string },
  verb: () => Promise<T>,
): Promise<T> {
  try {
    return await verb();
  } catch (no) {
    if (!(no instanceof Refusal && waitingForAnswers.includes(no.code))) throw no;
    const { payment } = await journeyOf(room, of);
    if (!payment?.operations.some(isUnclosed)) throw no;
    await ask(room, of.merchantId, payment.id).catch((error) => {
      room.log.warn({ payment: payment.id, error }, 'what is unclosed could not be asked about');
    });
    const { payment: after } = await journeyOf(room, of);
    if (after?.version === payment.version) throw no;
    return verb();
  }
}

function journeyOf(room: Room, of: Parameters<typeof asking>[1]): Promise<Journey> {
  const { merchantId } = of;
  return 'paymentId' in of ? room.load.payment(merchantId, of.paymentId) : room.load.intent(merchantId, of.intentId);
}
