import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Clears the way for a start after a crash. A postmaster that still serves `folder` is ended. A lock file whose process
 * is gone, or is now somebody else's (process ids are reused, in containers at once), is removed: PostgreSQL only looks
 * whether the id is alive and would refuse to start. The caller makes sure that nobody uses the folder rightfully.
 */
export async function reapPostmaster(folder: string): Promise<void> {
  const lock = join(folder, 'postmaster.pid');
  const text = await readFile(lock, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!pid) return;
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!serves(pid, folder)) break;
    process.kill(pid, signal);
    for (let tries = 0; tries < 50 && serves(pid, folder); tries++) await sleep(100);
  }
  await rm(lock, { force: true });
}

function serves(pid: number, folder: string): boolean {
  const command = commandOf(pid);
  return command.includes('postgres') && command.includes(folder);
}

/** The command line of a running process, '' where there is none. */
function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return '';
  }
}
