import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, type Program, type Running, startChild } from './child.ts';
import type { Pids } from './pids.ts';
import type { Service } from './supervise.ts';
import { Trouble } from './trouble.ts';

/** A program that serves until it is stopped, and answers `health` with 200 when it is up. */
export interface Server extends Program {
  health: string;
}

const deadline = 60_000;

export function nodeService(server: Server, pids: Pids): Service {
  return {
    name: server.name,
    async start(signal): Promise<Running> {
      signal.throwIfAborted();
      const child = startChild(server, pids);
      try {
        await healthy(server, child, signal);
        return child;
      } catch (error) {
        await child.stop();
        throw error;
      }
    },
  };
}

async function healthy({ name, health, logFile }: Server, child: Child, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  let ended: string | undefined;
  void child.gone.then((how) => {
    ended = how;
  });
  for (let up = false; !up; await sleep(50, undefined, { signal })) {
    up = await answers(health);
    const late = performance.now() - begun > deadline && `not healthy after ${deadline / 1000} s`;
    const problem = ended ?? (up ? undefined : late);
    if (problem)
      throw new Trouble(`${name} did not start (${problem}). Its log, ${logFile}, ends:\n${child.lastWords()}`);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** Runs a program to its end. @throws Trouble with its last words, unless it ends with exit 0. */
export async function runOnce(program: Program, pids: Pids, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = startChild(program, pids);
  const abort = () => void child.stop();
  signal.addEventListener('abort', abort);
  const how = await child.gone;
  signal.removeEventListener('abort', abort);
  signal.throwIfAborted();
  if (how !== 'exit 0')
    throw new Trouble(child.lastWords() || `${program.name} ended with ${how}; see ${program.logFile}`);
}
