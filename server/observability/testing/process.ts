import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../../..');

/** One of our processes, run by a test on its own environment. */
export interface TestProcess {
  pid: number;
  /** Everything it wrote so far. */
  output(): string;
  /** @returns its exit code, or null where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts `node <entry>` and waits until it says that it is ready.
 *
 * @param entry  From the root: "server/sandbox/main.ts".
 * @param env    All of its environment, beside NODE_ENV.
 * @param ready  Asked until it answers 200, such as http://127.0.0.1:3004/ready.
 * @throws       Error with what it wrote, where it ends first or is not ready within 45 s: a machine may be busy.
 */
export async function startProcess(
  entry: string,
  { env, ready }: { env: Record<string, string>; ready: string },
): Promise<TestProcess> {
  const child = spawn(process.execPath, [join(root, entry)], {
    cwd: root,
    env: { NODE_ENV: 'test', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  // A test that fails half-way must neither wait for the process nor leave it behind.
  child.unref();
  for (const pipe of [child.stdout, child.stderr]) if (pipe instanceof Socket) pipe.unref();
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));

  const end = Date.now() + 45_000;
  while (!(await answers(ready))) {
    if (child.exitCode !== null || Date.now() > end) {
      kill();
      throw new Error(`${entry} did not get ready:\n${output}`);
    }
    await sleep(20);
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.ref();
        const closed = once(child, 'close');
        child.kill(signal);
        await closed;
      }
      return child.exitCode;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status === 200;
  } catch {
    return false;
  }
}
