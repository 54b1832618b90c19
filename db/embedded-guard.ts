import { spawn } from 'node:child_process';

export interface Guard {
  /** The guarded process is gone: nobody needs to be stopped any more. */
  dismiss(): void;
}

// The shell waits for its standard input to end, which happens when the process that holds the other side is gone, for
// whatever reason. Then PostgreSQL gets its fast shutdown, and immediately so if that takes longer than five seconds.
const script = `
read -r _
kill -INT "$0" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$0" 2>/dev/null || break; sleep 0.5; done
kill -QUIT "$0" 2>/dev/null && sleep 1
if [ -n "$1" ]; then rm -rf -- "$1"; fi
`;

/**
 * Stops PostgreSQL when this process dies without a chance to do so itself (SIGKILL, out of memory). PostgreSQL does
 * not watch its parent, and a postmaster left over keeps the port and the data folder.
 *
 * @param pid     The postmaster.
 * @param folder  Removed afterwards, where given.
 */
export function guard(pid: number, folder = ''): Guard {
  // Windows has neither this shell nor these signals: there the next start finds what is left over.
  if (process.platform === 'win32') return { dismiss: () => {} };
  const shell = spawn('/bin/sh', ['-c', script, String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  const { stdin } = shell;
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return { dismiss: () => void shell.kill('SIGKILL') };
}
