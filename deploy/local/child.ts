import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Pids, signalGroup } from './pids.ts';
import { keptCode, root } from './settings.ts';

export interface Program {
  name: string;
  /** What Node runs, from the project's folder. */
  args: readonly string[];
  /** All of it: nothing is inherited but what `inherited` names. */
  env: Readonly<Record<string, string>>;
  logFile: string;
}

export interface Running {
  /** Resolves when the process has ended, with how it ended: "exit 1", "SIGKILL". */
  gone: Promise<string>;
  /** SIGTERM, and SIGKILL to all that is left of its group after `patience` ms. */
  stop(patience?: number): Promise<void>;
}

export interface Child extends Running {
  /** The last lines that it wrote since it was started. */
  lastWords(): string;
}

/** From this shell, because they say how this machine works and not what the process is. */
const inherited = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'SYSTEMROOT'];

/** Starts a program as leader of its own group. It ends when this process does, see `with-parent.ts`. */
export function startChild({ name, args, env, logFile }: Program, pids: Pids): Child {
  const log = openSync(logFile, 'a');
  const begin = statSync(logFile).size;
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'with-parent.ts'), ...args], {
    cwd: root,
    env: { ...pick(process.env, inherited), ...keptCode, ...env },
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  const pid = child.pid ?? 0;
  pids.add(name, pid);
  const gone = once(child, 'exit').then(([code, signal]) => {
    // What it started may have outlived it.
    signalGroup(pid, 'SIGKILL');
    pids.remove(pid);
    return signal ?? `exit ${code}`;
  });
  return {
    gone,
    lastWords: () => readFileSync(logFile).subarray(begin).toString().trim().split('\n').slice(-8).join('\n'),
    async stop(patience = 6000) {
      signalGroup(pid, 'SIGTERM');
      const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), patience);
      await gone;
      clearTimeout(late);
    },
  };
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))) as never;
}
