import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bornAt } from './pids.ts';
import { Trouble } from './trouble.ts';

/** Raised when an older release could no longer read the folder. */
const layout = 1;
const largestLog = 10_000_000;

export interface DataFolder extends AsyncDisposable {
  path: string;
  logFile(name: string): string;
}

/**
 * Takes the data folder for this start, or says why it can't.
 *
 * @throws Trouble for a folder that holds something else, belongs to a newer release, or is in use.
 */
export async function claimFolder(path: string): Promise<DataFolder> {
  await requireOurs(path);
  const lock = join(path, 'running.json');
  takeLock(path, lock);
  // A run that was killed could not withdraw it.
  rmSync(join(path, 'ready.json'), { force: true });
  writeFileSync(join(path, 'florin.json'), `${JSON.stringify({ layout })}\n`);
  await mkdir(join(path, 'logs'), { recursive: true });
  return {
    path,
    logFile: (name) => rotated(join(path, 'logs', `${name}.log`)),
    async [Symbol.asyncDispose]() {
      rmSync(lock, { force: true });
    },
  };
}

async function requireOurs(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    const mark = join(path, 'florin.json');
    if (existsSync(mark)) {
      const made = JSON.parse(readFileSync(mark, 'utf8')).layout;
      if (made <= layout) return;
      throw new Trouble(`The data in ${path} was written by a newer Florin: start that one, or set FLORIN_DATA_DIR.`);
    }
    if (readdirSync(path).length === 0) return;
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(`${path} cannot be used as data folder (${(error as Error).message}): set FLORIN_DATA_DIR.`);
  }
  throw new Trouble(`${path} holds something that is not Florin's: set FLORIN_DATA_DIR to an empty or new folder.`);
}

function takeLock(path: string, lock: string): void {
  const mine = JSON.stringify({ pid: process.pid, born: bornAt(process.pid) });
  try {
    writeFileSync(lock, mine, { flag: 'wx' });
  } catch {
    const holder = JSON.parse(readFileSync(lock, 'utf8') || '{}');
    if (holder.born !== undefined && bornAt(holder.pid) === holder.born) {
      throw new Trouble(
        `Florin already runs on ${path} (process ${holder.pid}): stop it, or set FLORIN_DATA_DIR and FLORIN_PORT_BASE.`,
      );
    }
    writeFileSync(lock, mine);
  }
}

/** Starts a new file where the last runs wrote much; one old file is kept. */
function rotated(file: string): string {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestLog) renameSync(file, `${file}.1`);
  return file;
}
