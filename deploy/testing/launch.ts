import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { invariant } from '#server/kernel/invariant.ts';
import { freePorts } from '#server/observability/testing/ports.ts';
import type { Ready } from '../local/ready.ts';
import { root } from '../local/settings.ts';

/** From FLORIN_PORT_BASE on. */
const portsOfProduct = 12;

export interface Launched {
  ready: Ready;
  readyFile: string;
  folder: string;
  pid: number;
  /** Everything that it printed. */
  said(): string;
  /** As Ctrl-C does, unless another signal is named; resolves with the milliseconds that it took. */
  stop(signal?: NodeJS.Signals): Promise<number>;
}

/** A new data folder, which any user of the machine may pass through. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'florin-run-'));
  await chmod(folder, 0o711);
  return folder;
}

/**
 * The whole product as `npm start` runs it, on free ports, for tests. It ends with this process, however that ends.
 *
 * @throws Error with what it printed, where it does not come up.
 */
export async function launch({
  folder,
  env = {},
}: {
  folder: string;
  env?: Record<string, string>;
}): Promise<Launched> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const [base] = await freePorts(portsOfProduct);
  const place = { FLORIN_DATA_DIR: folder, FLORIN_PORT_BASE: String(base) };
  const child = spawn(process.execPath, ['--import', './deploy/local/with-parent.ts', 'deploy/local/start.ts'], {
    cwd: root,
    env: { ...inherited, ...place, ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  let ended = false;
  const gone = once(child, 'close').then(() => {
    ended = true;
  });
  const readyFile = join(folder, 'ready.json');
  let ready: Ready | undefined;
  // A file that another run left, or still holds, says nothing of this one.
  while (ready?.pid !== child.pid) {
    if (ended) throw new Error(said.trim());
    await sleep(50);
    ready = await readReady(readyFile);
  }
  invariant(ready, 'a product that is up has said so');
  return {
    ready,
    readyFile,
    folder,
    pid: child.pid ?? 0,
    said: () => said,
    async stop(signal = 'SIGINT') {
      const begun = performance.now();
      child.kill(signal);
      await gone;
      return performance.now() - begun;
    },
  };
}

/**
 * Undefined while there is none. A start takes away the file of the run before, so it is not looked for before it is
 * read.
 */
async function readReady(file: string): Promise<Ready | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
