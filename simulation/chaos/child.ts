import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { keptCode, root } from '#deploy/local/settings.ts';
import type { Orders, Word } from './mortal/fate.ts';

/** A Node process of the house. It ends with this one, whatever ends this one. */
export interface Child {
  pid: number;
  /** Resolves with the moment at which it ended, by `performance.now()`. */
  gone: Promise<number>;
  isGone(): boolean;
  signal(signal: NodeJS.Signals): void;
  tell(orders: Orders): void;
  listen(hear: (word: Word) => void): void;
  /** Resolves when it has loaded all its code and awaits orders, or has ended. */
  warm: Promise<void>;
}

export interface Program {
  /** From the root of the project. */
  entry: string;
  env: Readonly<Record<string, string>>;
  logFile: string;
}

const withParent = join(root, 'deploy/local/with-parent.ts');

export function spawnChild({ entry, env, logFile }: Program): Child {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--import', withParent, join(root, entry)], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'test', ...keptCode, ...env },
    // A group of its own: `with-parent` ends the whole group.
    detached: true,
    stdio: ['pipe', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = Promise.withResolvers<number>();
  const warm = Promise.withResolvers<void>();
  let isGone = false;
  let hear = (_: Word): void => {};
  const end = () => {
    isGone = true;
    warm.resolve();
    ended.resolve(performance.now());
  };
  child.once('exit', end);
  child.once('error', end);
  child.on('message', (word: Word) => {
    if (word.word === 'warm') warm.resolve();
    else hear(word);
  });
  const { pid = 0 } = child;
  return {
    pid,
    gone: ended.promise,
    warm: warm.promise,
    isGone: () => isGone,
    signal: (signal) => void child.kill(signal),
    tell(orders) {
      if (child.connected) child.send(orders, () => {});
    },
    listen(listener) {
      hear = listener;
    },
  };
}
