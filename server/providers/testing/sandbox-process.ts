import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { freePort, startProcess } from '#server/observability/testing/process.ts';

/** One line of a simulated acquirer's books: what really happened. */
export interface Effect {
  at: string;
  kind: 'authorization' | 'capture' | 'void' | 'refund';
  id: string;
  key: string;
  authorization: string;
  amount: number;
  currency: string;
  fee: number;
  last4: string;
  reference: string;
}

/** A lever of the simulated acquirer; its README says what each fault does. */
export interface Lever {
  fault: 'lose_before' | 'lose_after' | 'error' | 'slow' | 'reset' | 'hang';
  kind?: 'authorize' | 'capture' | 'void' | 'refund' | 'inquire';
  times?: number;
  milliseconds?: number;
  last4?: string;
  after?: boolean;
}

/** Starts a simulated acquirer with empty books, as a process of its own. */
export async function startSandboxProcess(name: 'alder' | 'birch', fees = { basisPoints: 140, fixed: 25 }) {
  const folder = await mkdtemp(join(tmpdir(), `florin-${name}-`));
  const key = `key-of-${name}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await startProcess('server/sandbox/main.ts', {
    ready: `${url}/ready`,
    env: {
      FLORIN_MODE: 'test',
      FLORIN_SANDBOX_NAME: name,
      FLORIN_SANDBOX_PORT: String(port),
      FLORIN_SANDBOX_KEY: key,
      FLORIN_SANDBOX_DIR: folder,
      FLORIN_SANDBOX_FEES: JSON.stringify(fees),
    },
  });

  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<string> {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await request(`${url}${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered ${answer.statusCode}: ${text}`);
    return text;
  }

  return {
    name,
    url,
    key,
    /** @param query  `reference=…` or `last4=…`; everything where left out. */
    async books(query = ''): Promise<Effect[]> {
      const lines = (await ask('GET', `/books?${query}`)).split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Effect);
    },
    pull: (lever: Lever) => ask('POST', '/levers', lever),
    release: () => ask('DELETE', '/levers'),
    /** Those that are pulled, and how often each took effect. */
    levers: async () => JSON.parse(await ask('GET', '/levers')) as (Lever & { took: number })[],
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
