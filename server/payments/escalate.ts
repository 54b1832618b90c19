import { unclosedStatuses } from '#db/schema/payments.ts';
import { challengeFor } from './ask.ts';
import { Change } from './core/change.ts';
import { isUnclosed } from './core/payment.ts';
import { escalationOn } from './core/told.ts';
import type { Room } from './room.ts';

interface Unanswered {
  id: string;
  payment_id: string;
  merchant_id: string;
}

/**
 * Puts before a person what has had no answer for too long. No clock turns silence into a no: the operation stays
 * unclosed, its money stays reserved, and it goes on being asked about.
 */
export async function escalateUnanswered(room: Room, limit: number): Promise<void> {
  const before = new Date(room.clock.now().getTime() - room.escalateAfter);
  // Whose bank waits for its shopper holds no money yet, and is blocked after a while.
  const challengedBefore = new Date(before.getTime() - challengeFor);
  const rows = await room.sql<Unanswered[]>`
    SELECT o.id, o.payment_id, o.merchant_id FROM operations o
    WHERE o.status IN ${room.sql(unclosedStatuses)} AND o.kind <> 'cancel' AND o.opened_at < ${before}
      AND (o.status <> 'challenged' OR o.opened_at < ${challengedBefore})
      AND NOT EXISTS (SELECT 1 FROM escalations e WHERE e.operation_id = o.id AND e.kind = 'unanswered')
    ORDER BY o.opened_at LIMIT ${limit}`;
  for (const row of rows) {
    await escalate(room, row).catch((error) => {
      room.log.error(
        { operation: row.id, payment: row.payment_id, error },
        'what nobody answers could not be escalated',
      );
    });
  }
}

function escalate(room: Room, { id, payment_id, merchant_id }: Unanswered): Promise<void> {
  return room.again(payment_id, async () => {
    const { payment } = await room.load.payment(merchant_id, payment_id);
    const operation = payment.operations.find((one) => one.id === id);
    if (!operation || !isUnclosed(operation)) return;
    const because = { cause: 'sweep', actor: { kind: 'workload', id: 'worker' } };
    const made = { at: room.clock.now(), newId: room.ids };
    const escalation = escalationOn(operation, { kind: 'unanswered', atRisk: operation.amount }, made);
    const change = new Change(payment, because).escalate(escalation);
    if (change.steps.length === 0) return;
    await room.commit(change);
    room.log.error(
      { payment: payment.id, operation: id, provider: operation.provider },
      'no answer for too long: a person has to ask',
    );
  });
}
