import type { RawSql } from '#db/client.ts';
import { unclosedStatuses } from '#db/schema/payments.ts';
import { type Asked, inquire } from './ask.ts';
import { escalateUnanswered } from './escalate.ts';
import type { Room } from './room.ts';

/**
 * Milliseconds until the next question about an operation; each further one waits about twice as long, up to the last.
 * Up to half of it is cut off by chance, so that what was lost together is not asked about together; by the id's, so
 * that it
 * replays. */
const firstPause = 2_000;
const longestPause = 45_000;

/**
 * Asks the providers about operations that have been silent for too long, the longest due first, records what they say,
 * and puts before a person what nobody answers. Safe to run in any number of processes: whoever claims a question moves
 * its next one on, and so holds it until then.
 *
 * @param only  The one provider to ask: so that nobody waits for another's silence.
 * @returns     How many operations were asked about.
 */
export async function sweep(room: Room, limit: number, only?: string): Promise<number> {
  const providers = only === undefined ? room.providers.names() : [only];
  const due = (await Promise.all(providers.map((provider) => claim(room, provider, limit)))).flat();
  await Promise.all(due.map((one) => inquire(room, one).catch((error) => complain(room, one, error))));
  await escalateUnanswered(room, limit);
  return due.length;
}

async function claim(room: Room, provider: string, limit: number): Promise<Asked[]> {
  const allowed = room.pulse.allowance(provider, limit);
  if (allowed === 0) return [];
  const now = room.clock.now();
  return room.transact('payments.sweep', async (tx: RawSql) => [
    ...(await tx<Asked[]>`
      UPDATE operations SET asked_at = ${now}, inquiries = inquiries + 1, ask_at = ${now}::timestamptz
          + make_interval(secs => least(${firstPause}::int * 2 ^ least(inquiries, 20), ${longestPause}::int) / 1000.0
            * (0.5 + (hashtext(id::text || inquiries) & 511) / 1024.0))
      WHERE id IN (
        SELECT id FROM operations
        WHERE status IN ${tx(unclosedStatuses)} AND provider = ${provider} AND ask_at <= ${now}
        ORDER BY ask_at LIMIT ${allowed} FOR UPDATE SKIP LOCKED)
      RETURNING id, payment_id AS "paymentId", merchant_id AS "merchantId"`),
  ]);
}

function complain(room: Room, { id, paymentId, merchantId }: Asked, error: unknown): void {
  const fields = { operation: id, payment: paymentId, merchant: merchantId, error };
  room.log.warn(fields, 'an inquiry failed and will be repeated');
}
