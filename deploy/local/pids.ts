import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The processes that a run has started, on disk, for the start after a crash. */
export interface Pids {
  add(name: string, pid: number): void;
  remove(pid: number): void;
}

interface Known {
  name: string;
  pid: number;
  born: string;
}

/** Ends what an earlier run left behind, then keeps the list of this run in `file`. */
export async function openPids(file: string): Promise<Pids> {
  const left = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Known[]) : [];
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const { pid } of left.filter(alive)) signalGroup(pid, signal);
    for (let tries = 0; tries < 20 && left.some(alive); tries++) await sleep(100);
  }
  const list = new Map<number, Known>();
  const write = () => {
    writeFileSync(`${file}.new`, JSON.stringify([...list.values()]));
    renameSync(`${file}.new`, file);
  };
  write();
  return {
    add(name, pid) {
      list.set(pid, { name, pid, born: bornAt(pid) ?? '' });
      write();
    },
    remove(pid) {
      list.delete(pid);
      write();
    },
  };
}

/** A process id is soon given to somebody else; the id together with the time of birth is not. */
function alive({ pid, born }: Known): boolean {
  return born !== '' && bornAt(pid) === born;
}

/** When the process was started, in whatever unit the system counts; undefined where there is no such process. */
export function bornAt(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything; state is the third, birth the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Signals a process and all that it has started; each process of ours leads a group of its own. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}
