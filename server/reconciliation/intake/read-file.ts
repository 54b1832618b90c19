import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type BadLine, type ReadLine, settlementReaderOf } from '#server/providers/settlement.ts';
import { contentOf } from './content.ts';
import type { IntakeRoom } from './take-in.ts';
import { type ReadSoFar, writeLines } from './write-lines.ts';

/** Lines of one transaction: some hundredths of a second, and a few megabytes. */
const usual = 2_500;

/**
 * Reads a stored file into its lines, and what cannot be read into quarantine. Whoever dies on the way has left whole
 * chunks, after which the next goes on: the rows are the same.
 *
 * @throws Refusal `stale` where somebody else reads the same file.
 */
export async function readFile(room: IntakeRoom, fileId: string, { chunk = usual } = {}): Promise<ReadSoFar> {
  const [file] = await room.sql<({ provider: string; status: string } & ReadSoFar)[]>`
    SELECT provider, status, lines, quarantined FROM settlement_files WHERE id = ${fileId}`;
  invariant(file, 'a file that is read is stored');
  const { provider, status, ...before } = file;
  if (status !== 'stored') return before;
  const read = settlementReaderOf(provider);
  invariant(read, 'a file that is stored can be read');
  let so = before;
  const write = async (found: readonly (ReadLine | BadLine)[], isLast: boolean) => {
    const bad = found.filter(isBad);
    const good = found.filter((line): line is ReadLine => !isBad(line));
    if (!(await writeLines(room, { fileId, provider, before: so, good, bad, isLast }))) {
      throw new Refusal('stale', 'Somebody else reads this file.');
    }
    so = { lines: so.lines + good.length, quarantined: so.quarantined + bad.length };
  };

  let skip = before.lines + before.quarantined;
  let waiting: (ReadLine | BadLine)[] = [];
  // One chunk is written while the next is read.
  let writing: Promise<void> = Promise.resolve();
  for await (const line of read(contentOf(room.sql, fileId))) {
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    waiting.push(line);
    if (waiting.length < chunk) continue;
    await writing;
    writing = write(waiting, false);
    // Whoever awaits it hears of it; the reader may fail first.
    writing.catch(() => undefined);
    waiting = [];
  }
  await writing;
  await write(waiting, true);
  return so;
}

function isBad(line: ReadLine | BadLine): line is BadLine {
  return 'reason' in line;
}
