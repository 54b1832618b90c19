import type { Caller } from '#server/auth/caller.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { ConfirmEndInput, ProposeEndInput } from '../reconciliation.ts';
import type { Books } from '../room.ts';
import { forceMatch, requireForcible } from './forced.ts';
import { openDifference, requireProposal } from './open.ts';
import { personOf, requireText } from './person.ts';

/** One person's wish. It changes no book: a second one has to confirm it. */
export async function proposeEnd(room: Books, caller: Caller, input: ProposeEndInput): Promise<void> {
  const person = await personOf(room.sql, caller, 'reconciliation:write');
  const { differenceId, end, operationId = null } = input;
  const reason = requireText(input.reason, { param: 'reason', least: 10 });
  await room.transact('reconciliation.propose', async (tx) => {
    const standing = await openDifference(tx, person, differenceId);
    if (standing.proposed) {
      throw new Refusal('illegal_move', 'Something is proposed already: confirm it, or take it back.');
    }
    if (end === 'matched') await requireForcible(tx, person, standing, operationId ?? standing.operationId);
    await tx`
      UPDATE discrepancies SET proposed = ${end}, proposed_reason = ${reason},
        proposed_operation_id = ${end === 'matched' ? (operationId ?? standing.operationId) : null},
        proposed_by = ${person.staffId}, proposed_by_name = ${person.name}, proposed_at = ${room.clock.now()}
      WHERE id = ${differenceId}`;
  });
}

/** The second person's yes. The database would refuse the first one's, too. */
export async function confirmEnd(room: Books, caller: Caller, input: ConfirmEndInput): Promise<void> {
  const person = await personOf(room.sql, caller, 'reconciliation:approve');
  const { differenceId, proposedAt } = input;
  const now = room.clock.now();
  await room.transact('reconciliation.confirm', async (tx) => {
    const standing = await openDifference(tx, person, differenceId);
    const { proposed, reason, by } = requireProposal(standing, proposedAt);
    if (by === person.staffId) {
      throw new Refusal('second_person', 'Who proposed it cannot confirm it: another person has to.');
    }
    // Asked again: another line may have got the operation in the meantime.
    if (proposed === 'matched') {
      await forceMatch(tx, await requireForcible(tx, person, standing, standing.proposedOperationId), now);
    }
    await tx`
      UPDATE discrepancies SET ended = ${proposed}, reason = ${reason}, ended_by = ${person.staffId},
        ended_by_name = ${person.name}, ended_at = ${now}
      WHERE id = ${differenceId}`;
  });
}

/** Takes a proposal back: its author, or a second person who does not agree. */
export async function withdrawEnd(room: Books, caller: Caller, input: ConfirmEndInput): Promise<void> {
  const person = await personOf(room.sql, caller, 'reconciliation:write');
  await room.transact('reconciliation.withdraw', async (tx) => {
    requireProposal(await openDifference(tx, person, input.differenceId), input.proposedAt);
    await tx`
      UPDATE discrepancies SET proposed = NULL, proposed_reason = NULL, proposed_operation_id = NULL,
        proposed_by = NULL, proposed_by_name = NULL, proposed_at = NULL
      WHERE id = ${input.differenceId}`;
  });
}
