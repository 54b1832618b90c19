import type { ListedFile, ReportSource } from './source.ts';
import { type IntakeRoom, takeIn } from './take-in.ts';

/** Milliseconds until parts without a file were left by somebody who died. */
const abandoned = 24 * 3_600_000;

/**
 * Asks each provider which files it has, and takes in what is new, oldest day first: after downtime all that was
 * missed. Nobody waits for a provider that hangs; what fails is logged, and asked for again the next time.
 *
 * @returns how many files are new.
 */
export async function fetchFiles(room: IntakeRoom, sources: ReadonlyMap<string, ReportSource>): Promise<number> {
  await dropAbandoned(room);
  const fetched = await Promise.all([...sources].map(([provider, source]) => fetchFrom(room, provider, source)));
  return fetched.reduce((sum, count) => sum + count, 0);
}

async function fetchFrom(room: IntakeRoom, provider: string, source: ReportSource): Promise<number> {
  let taken = 0;
  try {
    for (const file of await unknown(room, provider, await source.list())) {
      if (await fetchOne(room, { provider, source, file })) taken += 1;
    }
  } catch (error) {
    room.log.warn({ provider, error }, 'the settlement files of a provider could not be listed');
  }
  return taken;
}

interface Wanted {
  provider: string;
  source: ReportSource;
  file: ListedFile;
}

async function fetchOne(room: IntakeRoom, { provider, source, file }: Wanted): Promise<boolean> {
  const { name, day } = file;
  try {
    const content = source.file(name);
    const { isNew } = await takeIn(room, { provider, name, day, source: 'fetched', content });
    room.log.info({ provider, name }, isNew ? 'a settlement file was fetched' : 'a settlement file was here before');
    return isNew;
  } catch (error) {
    // The next may be good.
    room.log.warn({ provider, name, error }, 'a settlement file could not be fetched');
    return false;
  }
}

/** Those that are not here by name, oldest day first. */
async function unknown({ sql }: IntakeRoom, provider: string, listed: readonly ListedFile[]): Promise<ListedFile[]> {
  const names = listed.map(({ name }) => name);
  const rows = await sql<{ name: string }[]>`
    SELECT name FROM settlement_files WHERE provider = ${provider} AND name = ANY(${names}::text[])`;
  const known = new Set(rows.map(({ name }) => name));
  return listed.filter(({ name }) => !known.has(name)).toSorted((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
}

async function dropAbandoned(room: IntakeRoom): Promise<void> {
  const before = new Date(room.clock.now().getTime() - abandoned);
  await room.transact(
    'reconciliation.drop-parts',
    (tx) => tx`
      DELETE FROM settlement_file_parts p WHERE p.received_at < ${before}
        AND NOT EXISTS (SELECT FROM settlement_files f WHERE f.id = p.file_id)`,
    { writesOnce: true },
  );
}
