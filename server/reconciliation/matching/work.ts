import { readFile } from '../intake/read-file.ts';
import type { IntakeRoom } from '../intake/take-in.ts';
import type { Books } from '../room.ts';
import { matchFile } from './match-file.ts';
import { postFile, postForced } from './post-file.ts';

/** Milliseconds for which a worker has a file to itself; it renews them while it is at work. */
const lease = 5 * 60_000;
const renewEvery = 30_000;

/** Lines that two people have matched, at once. */
const mostForced = 100;

/**
 * Reads, matches and posts files that wait, oldest day first, and what people have matched since. A file that fails is
 * logged and left for the next time; whoever else waits is not held up by it.
 *
 * @returns how many files it dealt with.
 */
export async function work(room: Books & IntakeRoom, limit: number): Promise<number> {
  const seen: string[] = [];
  while (seen.length < limit) {
    const fileId = await claim(room, seen);
    if (!fileId) break;
    seen.push(fileId);
    try {
      await dealWith(room, fileId);
    } catch (error) {
      room.log.error({ delivery: fileId, error }, 'a settlement file could not be dealt with yet');
    } finally {
      await release(room, fileId);
    }
  }
  await postForced(room, mostForced);
  return seen.length;
}

async function dealWith(room: Books & IntakeRoom, fileId: string): Promise<void> {
  let renewed = room.clock.now().getTime();
  const progress = async () => {
    const now = room.clock.now().getTime();
    if (now - renewed < renewEvery) return;
    renewed = now;
    await renew(room, fileId);
  };
  await readFile(room, fileId);
  await matchFile(room, fileId, progress);
  await postFile(room, fileId, progress);
}

/**
 * The oldest day's file that nobody works on. While somebody works on an earlier day of its provider it waits: what is
 * missing there would only be found to have come.
 */
async function claim({ transact, clock }: Books, seen: readonly string[]): Promise<string | undefined> {
  const now = clock.now();
  const [row] = await transact(
    'reconciliation.claim',
    (tx) => tx<{ id: string }[]>`
      UPDATE settlement_files SET leased_until = ${new Date(now.getTime() + lease)}
      WHERE id = (
        SELECT id FROM settlement_files f
        WHERE status <> 'posted' AND (leased_until IS NULL OR leased_until <= ${now})
          AND id <> ALL(${[...seen]}::uuid[])
          AND NOT EXISTS (SELECT FROM settlement_files e WHERE e.provider = f.provider AND e.day < f.day
            AND e.status <> 'posted' AND e.leased_until > ${now})
        ORDER BY day, received_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id`,
  );
  return row?.id;
}

function renew({ transact, clock }: Books, fileId: string): Promise<unknown> {
  return transact(
    'reconciliation.renew',
    (tx) => tx`
      UPDATE settlement_files SET leased_until = ${new Date(clock.now().getTime() + lease)} WHERE id = ${fileId}`,
  );
}

function release({ transact }: Books, fileId: string): Promise<unknown> {
  return transact(
    'reconciliation.release',
    (tx) => tx`UPDATE settlement_files SET leased_until = NULL WHERE id = ${fileId}`,
  );
}
