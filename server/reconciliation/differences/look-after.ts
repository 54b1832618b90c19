import type { Caller } from '#server/auth/caller.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { seenBy } from '../questions/sight.ts';
import type { AssignInput, NoteInput, ResolveInput } from '../reconciliation.ts';
import type { Books } from '../room.ts';
import { openDifference } from './open.ts';
import { personOf, requireText } from './person.ts';

export async function assign(room: Books, caller: Caller, { differenceId, to }: AssignInput): Promise<void> {
  const person = await personOf(room.sql, caller, 'reconciliation:write');
  await room.transact('reconciliation.assign', async (tx) => {
    await openDifference(tx, person, differenceId);
    await tx`
      UPDATE discrepancies SET assigned_to = ${to?.staffId ?? null}, assigned_to_name = ${to?.name ?? null}
      WHERE id = ${differenceId}`;
  });
}

/** Also about one that has ended: what was found out later belongs to it, too. */
export async function note(room: Books, caller: Caller, input: NoteInput): Promise<void> {
  const { staffId, name, sight } = await personOf(room.sql, caller, 'reconciliation:write');
  const text = requireText(input.text, { param: 'text', least: 1 });
  const written = await room.transact(
    'reconciliation.note',
    (tx) => tx`
      INSERT INTO discrepancy_notes (id, discrepancy_id, at, staff_id, staff_name, text)
      SELECT ${room.ids()}, id, ${room.clock.now()}, ${staffId}, ${name}, ${text} FROM discrepancies
      WHERE id = ${input.differenceId} AND ${seenBy(tx, sight)} RETURNING id`,
  );
  if (written.length === 0) throw new Refusal('not_found', 'No such difference.');
}

/** It is explained, and over. What somebody had proposed goes with it. */
export async function resolve(room: Books, caller: Caller, input: ResolveInput): Promise<void> {
  const person = await personOf(room.sql, caller, 'reconciliation:write');
  const reason = requireText(input.reason, { param: 'reason', least: 10 });
  await room.transact('reconciliation.resolve', async (tx) => {
    await openDifference(tx, person, input.differenceId);
    await tx`
      UPDATE discrepancies SET ended = 'resolved', reason = ${reason}, ended_by = ${person.staffId},
        ended_by_name = ${person.name}, ended_at = ${room.clock.now()}
      WHERE id = ${input.differenceId}`;
  });
}
