import type { RawSql } from '#db/client.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { seenBy } from '../questions/sight.ts';
import type { Person } from './person.ts';

/** A difference as it is while nobody else can change it. */
export interface Standing {
  id: string;
  leg: 'settlement' | 'bank';
  kind: string;
  provider: string;
  fileId: string | null;
  line: number | null;
  operationId: string | null;
  proposed: 'written_off' | 'matched' | null;
  proposedReason: string | null;
  proposedOperationId: string | null;
  proposedBy: string | null;
  proposedAt: Date | null;
  endedAt: Date | null;
}

/**
 * Locks a difference that has not ended.
 *
 * @throws Refusal `not_found` also where it is another merchant's; `illegal_move` where it has ended.
 */
export async function openDifference(tx: RawSql, { sight }: Person, differenceId: string): Promise<Standing> {
  const [row] = await tx<Standing[]>`
    SELECT id, leg, kind, provider, file_id AS "fileId", line, operation_id AS "operationId", proposed,
      proposed_reason AS "proposedReason", proposed_operation_id AS "proposedOperationId",
      proposed_by AS "proposedBy", proposed_at AS "proposedAt", ended_at AS "endedAt"
    FROM discrepancies WHERE id = ${differenceId} AND ${seenBy(tx, sight)} FOR UPDATE`;
  if (!row) throw new Refusal('not_found', 'No such difference.');
  if (row.endedAt)
    throw new Refusal('illegal_move', 'This difference has ended. Read how it ended, and say more in a note.');
  return row;
}

/** @throws Refusal `illegal_move` where nothing is proposed, `stale` where another proposal was meant. */
export function requireProposal(standing: Standing, proposedAt: Date) {
  const { proposed, proposedReason: reason, proposedBy: by, proposedAt: at } = standing;
  if (!proposed || !by || !at) throw new Refusal('illegal_move', 'Nothing is proposed for this difference.');
  if (at.getTime() !== proposedAt.getTime()) {
    throw new Refusal('stale', 'Another proposal has taken its place. Read it, and decide again.');
  }
  return { proposed, reason, by };
}
