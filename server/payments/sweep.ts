import { unclosedStatuses } from '#db/schema/payments.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { orderOf } from './core/draft.ts';
import { drive } from './core/drive.ts';
import { loadPayment } from './core/load.ts';
import type { Operation } from './core/payment.ts';
import { record } from './record.ts';
import type { Room } from './room.ts';

/** Milliseconds of silence before the first inquiry; each further one waits twice as long, up to the last. */
const firstInquiryAfter = 5_000;
const inquiryAtMostEvery = 300_000;
/** Milliseconds by which the clocks of our own machines may differ. */
const clockSkew = 5_000;

/**
 * Asks the providers about operations that have been silent for too long, the longest silence first, and records what
 * they say. Safe to run in any number of processes: an operation is claimed by the time of its inquiry.
 *
 * @returns  How many operations were asked about.
 */
export async function sweep(room: Room, limit: number): Promise<number> {
  const silent = await claim(room, limit);
  await Promise.all(silent.map((one) => ask(room, one).catch((error) => complain(room, one, error))));
  return silent.length;
}

interface Silent {
  id: string;
  payment_id: string;
  merchant_id: string;
}

function claim(room: Room, limit: number): Promise<Silent[]> {
  const now = room.clock.now();
  return room.transact('sweep', async (tx) => [
    ...(await tx<Silent[]>`
      UPDATE operations SET asked_at = ${now}, inquiries = inquiries + 1 WHERE id IN (
        SELECT id FROM operations
        WHERE status IN ${tx(unclosedStatuses)} AND asked_at < ${now}::timestamptz - make_interval(secs =>
          least(${firstInquiryAfter}::int * 2 ^ least(inquiries, 20), ${inquiryAtMostEvery}::int) / 1000.0)
        ORDER BY asked_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      RETURNING id, payment_id, merchant_id`),
  ]);
}

async function ask(room: Room, { id, payment_id, merchant_id }: Silent): Promise<void> {
  const { payment } = await loadPayment(room.sql, merchant_id, payment_id);
  const operation = payment.operations.find((one) => one.id === id);
  if (!operation) return;
  const asked = room.clock.now();
  const outcome = await room.providers.inquire(operation.provider, orderOf(payment, operation));
  if (!saysMore(room, operation, outcome, asked)) return;
  const { payment: after, opened } = await record(room, { payment, operationId: id, outcome, cause: 'inquiry' });
  await drive(room, after, opened);
}

/**
 * Whether an inquiry's answer may be recorded. "Not found" is final only once no request of ours can still be under way
 * and the provider's own view has caught up, by the time of the question and not of the answer; and what is still
 * unknown or pending was written down already.
 */
function saysMore(room: Room, operation: Operation, outcome: Outcome, asked: Date): boolean {
  if (outcome.kind === 'unknown' || outcome.kind === 'not_taken') return false;
  if (outcome.kind === 'pending' || outcome.kind === 'challenged') return outcome.kind !== operation.status;
  if (outcome.kind !== 'absent') return true;
  const { maxInFlight, inquiryLag } = room.providers.capabilities(operation.provider);
  const sure = Math.max(operation.sentAt.getTime(), operation.sendBefore.getTime()) + maxInFlight + inquiryLag;
  return asked.getTime() > sure + clockSkew;
}

function complain(room: Room, { id, payment_id, merchant_id }: Silent, error: unknown): void {
  room.log.warn(
    { operation: id, payment: payment_id, merchant: merchant_id, error },
    'an inquiry failed and will be repeated',
  );
}
