import type { Books } from '../room.ts';
import { type File, pieces, readStoredFile } from './file.ts';
import { byKey, byPairs, byRef, type Half, type Range } from './find.ts';
import { match } from './match.ts';
import { dueBy, endWhatHasCome, findMissing } from './missing.ts';
import { refer } from './refer.ts';
import { type Rule, rulesOf } from './rules.ts';
import { writeRun } from './run.ts';
import { dealWithUnmatched } from './unmatched.ts';

/** Told after each step, so that whoever holds a lease on the file can renew it. */
export type Progress = () => Promise<void>;

interface Step {
  file: File;
  rule: Rule;
  later: boolean;
  progress: Progress;
}

/**
 * Matches a file that was read: rule by rule, each over the whole file, in pieces that are one transaction each. What a
 * piece has done is done, so that a run that died goes on where it was, and ends with the same rows. A file that is
 * matched already is left as it is.
 */
export async function matchFile(room: Books, fileId: string, progress: Progress = async () => {}): Promise<void> {
  const file = await readStoredFile(room.sql, fileId);
  if (file.status !== 'read') return;
  const startedAt = room.clock.now();
  const rules = await rulesOf(room.sql, file.provider);
  for (const [position, rule] of rules.entries()) await applyRule(room, { file, rule, later: position > 0, progress });
  for (const piece of pieces(file)) {
    await room.transact('reconciliation.leave', (tx) => dealWithUnmatched(tx, room, { file, ...piece, later: true }));
    await progress();
  }
  const due = await dueBy(room.sql, file, rules);
  await findMissing(room, file, due);
  await room.transact('reconciliation.matched', async (tx) => {
    await endWhatHasCome(tx, file, room.clock.now());
    await writeRun(tx, room, { file, due, startedAt });
  });
  room.log.info({ provider: file.provider, name: file.name }, 'a settlement file is matched');
}

/** Two halves side by side, where what a line is known by tells which one it is in: they never want one operation. */
function applyRule(room: Books, step: Step): Promise<unknown> {
  if (step.rule.by === 'reference') return applyTo(room, step, undefined);
  return Promise.all([applyTo(room, step, 0), applyTo(room, step, 1)]);
}

async function applyTo(room: Books, step: Step, half: Half | undefined): Promise<void> {
  for (const piece of pieces(step.file)) {
    await matchRange(room, { ...step, ...piece }, half);
    await step.progress();
  }
}

/** One rule over some lines of a file. */
export async function matchRange(
  room: Books,
  { file, rule, ...of }: Omit<Range, 'file'> & { file: File; rule: Rule },
  half?: Half,
): Promise<void> {
  const range = { file, after: of.after, to: of.to, later: of.later };
  const pairs = rule.by === 'reference' ? await refer(room.sql, range, rule) : [];
  if (rule.by === 'reference' && pairs.length === 0) return;
  await room.transact('reconciliation.match', (tx) => {
    const found =
      rule.by === 'key'
        ? byKey(tx, range, half)
        : rule.by === 'ref'
          ? byRef(tx, range, half)
          : byPairs(tx, range, pairs);
    return match(tx, { room, file, rule, found, after: of.after, to: of.to });
  });
}
