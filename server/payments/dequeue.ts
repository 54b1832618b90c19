import { Refusal } from '#server/kernel/refusal.ts';
import { decideDequeue } from './core/decide-dequeue.ts';
import { draft } from './core/draft.ts';
import { drive } from './core/drive.ts';
import type { Payment } from './core/payment.ts';
import type { Room } from './room.ts';

interface Queued {
  id: string;
  merchant_id: string;
}

/**
 * Tries the payments that no provider would take: sends them to one that takes charges again, or ends them, unpaid,
 * when they have waited long enough. While nobody takes charges only the latter; a provider that is just being tried
 * again gets one of them at a time. Two workers may meet at one payment; the version lets one of them through.
 *
 * @returns  How many were due.
 */
export async function dequeue(room: Room, limit: number): Promise<number> {
  const due = [...(await over(room, limit)), ...(await toTry(room, limit))];
  await Promise.all(due.map((one) => tryAgain(room, one).catch((error) => complain(room, one, error))));
  return due.length;
}

function over(room: Room, limit: number): Promise<Queued[]> {
  const now = room.clock.now();
  return room.sql<Queued[]>`
    SELECT id, merchant_id FROM payments WHERE try_at <= ${now} AND queued_until <= ${now} ORDER BY try_at LIMIT ${limit}`;
}

async function toTry(room: Room, limit: number): Promise<Queued[]> {
  const now = room.clock.now();
  const standings = room.providers.health().map(({ charges }) => charges);
  const most = standings.includes('closed') ? limit : standings.includes('half_open') ? 1 : 0;
  if (most === 0) return [];
  return room.sql<Queued[]>`
    SELECT id, merchant_id FROM payments WHERE try_at <= ${now} AND queued_until > ${now} ORDER BY try_at LIMIT ${most}`;
}

async function tryAgain(room: Room, { id, merchant_id }: Queued): Promise<void> {
  const { payment } = await room.load.payment(merchant_id, id);
  const now = room.clock.now();
  if (!payment.queuedUntil || !payment.tryAt || payment.tryAt > now) return;
  const providers = now < payment.queuedUntil ? await planned(room, payment) : [];
  const [provider, ...untried] = providers;
  const { amount } = payment;
  const authorize = provider
    ? draft(room, { ...payment, untried }, { kind: 'authorize', provider, amount })
    : undefined;
  const because = { cause: 'queue', actor: { kind: 'workload', id: 'worker' } };
  const change = decideDequeue(payment, { at: now, queueFor: room.queueFor, authorize, untried, because });
  await drive(room, await room.commit(change), change.opened[0]);
}

async function planned(room: Room, payment: Payment): Promise<string[]> {
  const { id, merchantId, amount, currency, card } = payment;
  const wish = { payment: id, merchantId, amount, currency, brand: card?.brand ?? '' };
  return (await room.routing.plan(wish, room.providers.health())).providers;
}

function complain(room: Room, { id, merchant_id }: Queued, error: unknown): void {
  // Another worker was quicker.
  if (error instanceof Refusal && error.code === 'stale') return;
  room.log.warn({ payment: id, merchant: merchant_id, error }, 'a queued payment could not be tried; it will be again');
}
