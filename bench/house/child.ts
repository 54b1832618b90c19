import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Program {
  /** From the root of the project. */
  entry: string;
  /** Beside PATH and HOME all of its environment. */
  env: Readonly<Record<string, string>>;
  logFile: string;
  /** Asked until it answers 200. */
  ready: string;
  /** A folder for what V8 saw it do, written at its end. */
  profiles?: string | undefined;
}

/** A process of the product. It ends with this one, whatever ends this one. */
export interface Child {
  pid: number;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const withParent = join(root, 'deploy/local/with-parent.ts');
/** Milliseconds until a start is given up: a machine may be busy. */
const patience = 60_000;

/** @throws Error with what it wrote last, where it does not get ready. */
export async function startChild({ entry, env, logFile, ready, profiles }: Program): Promise<Child> {
  const log = openSync(logFile, 'a');
  const profiling = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profiles];
  const child = spawn(process.execPath, [...profiling, '--import', withParent, join(root, entry)], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env },
    // A group of its own: `with-parent` ends the whole group.
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  const end = Date.now() + patience;
  while (!(await answers(ready))) {
    if (child.exitCode !== null || Date.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`${entry} did not get ready:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
    await sleep(20);
  }
  return {
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(late);
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
