import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess } from '#server/observability/testing/process.ts';
import type { AcquirerName } from '../core/behaviour.ts';
import { startSandbox } from '../sandbox.ts';

export interface Answer {
  status: number;
  replayed: boolean;
  // biome-ignore format: a field that is not there is undefined, as in JSON
  body: { id: string; status: string; amount: number; fee?: number; code?: string; message?: string; challenge_url?: string; expires_at?: string; error?: { code: string; param?: string; message: string } };
}

export interface Acquirer {
  folder: string;
  /** Under a fresh key where none is named. */
  post(path: string, body: unknown, key?: string): Promise<Answer>;
  get(path: string): Promise<Answer>;
  raw(path: string, init?: RequestInit): Promise<Response>;
  books(query?: string): Promise<Record<string, unknown>[]>;
  pull(lever: object): Promise<Answer>;
  release(): Promise<void>;
  /** What it logged. */
  output(): string;
  /** The folder stays, for another start. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Given {
  name?: AcquirerName;
  folder?: string;
  mode?: 'test' | 'live';
  /** Whom it tells of its decisions. */
  webhookUrl?: string;
}

/** Those that a test made and, failing, has not stopped. */
const running = new Set<() => Promise<unknown>>();
after(() => Promise.all([...running].map((stop) => stop())));

const fees = { basisPoints: 140, fixed: 25 };
const key = 'key-of-the-test';
/** 32 bytes, as Standard Webhooks writes them. */
export const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let keys = 0;

/** A key that no test used before. */
export function freshKey(): string {
  keys += 1;
  return `key-${process.pid}-${keys}`;
}

export const visa = '4242424242424242';

export function card(number: string, more: object = { cvc: '123' }) {
  return { number, exp_month: '12', exp_year: '2034', ...more };
}

export function authorization(number = visa, more: object = {}) {
  return { amount: 1250, currency: 'EUR', reference: 'order-1', card: card(number), ...more };
}

/** The acquirer inside the test's own process. */
export async function inProcess({ name = 'alder', folder, mode = 'test', webhookUrl }: Given = {}): Promise<Acquirer> {
  const dir = folder ?? (await newFolder());
  let output = '';
  const log = makeLog(name, {
    write: (line) => {
      output += line;
    },
  });
  const broken = (error: unknown) => log.error({ error }, 'broken');
  const webhooks = webhookUrl === undefined ? undefined : { url: webhookUrl, secret: new Secret(webhookSecret) };
  const seams = { webhooks, clock: systemClock, random: systemRandom, log, broken };
  const sandbox = await startSandbox({ name, folder: dir, mode, port: 0, key: new Secret(key), fees, ...seams });
  return over(`http://127.0.0.1:${sandbox.port}`, dir, {
    output: () => output,
    stop: async () => {
      await sandbox.close();
      return 0;
    },
  });
}

/** The acquirer as it is run: a process of its own, set up by its environment. */
export async function ownProcess({ name = 'alder', folder, mode = 'test', webhookUrl }: Given = {}): Promise<Acquirer> {
  const dir = folder ?? (await newFolder());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await startProcess('server/sandbox/main.ts', {
    ready: `${url}/ready`,
    env: {
      FLORIN_MODE: mode,
      FLORIN_SANDBOX_NAME: name,
      FLORIN_SANDBOX_PORT: String(port),
      FLORIN_SANDBOX_KEY: key,
      FLORIN_SANDBOX_DIR: dir,
      FLORIN_SANDBOX_FEES: JSON.stringify(fees),
      ...(webhookUrl !== undefined && {
        FLORIN_SANDBOX_WEBHOOK_URL: webhookUrl,
        FLORIN_SANDBOX_WEBHOOK_SECRET: webhookSecret,
      }),
    },
  });
  return over(url, dir, child);
}

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'florin-sandbox-'));
  process.once('exit', () => void rm(folder, { recursive: true, force: true }));
  return folder;
}

function over(url: string, folder: string, { output, stop: end }: Pick<Acquirer, 'output' | 'stop'>): Acquirer {
  const stop: Acquirer['stop'] = (signal) => {
    running.delete(stop);
    return end(signal);
  };
  running.add(stop);
  const raw = (path: string, { headers, ...init }: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...headers } });
  const read = async (response: Response): Promise<Answer> => ({
    status: response.status,
    replayed: response.headers.get('idempotent-replayed') === 'true',
    body: (await response.json()) as Answer['body'],
  });
  const post = async (path: string, body: unknown, idempotencyKey = freshKey()) =>
    read(
      await raw(path, {
        method: 'POST',
        headers: { 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      }),
    );
  return {
    folder,
    raw,
    post,
    output,
    stop,
    get: async (path) => read(await raw(path)),
    async books(query = '') {
      const lines = await (await raw(`/books${query}`)).text();
      return lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    pull: (lever) => post('/levers', lever),
    async release() {
      await raw('/levers', { method: 'DELETE' });
    },
  };
}
