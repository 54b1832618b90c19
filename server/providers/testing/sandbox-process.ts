import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess } from '#server/observability/testing/process.ts';

/** One line of a simulated acquirer's books: what really happened. */
export interface Effect {
  at: string;
  kind: 'authorization' | 'capture' | 'void' | 'refund' | 'chargeback';
  id: string;
  key: string;
  authorization: string;
  amount: number;
  currency: string;
  fee: number;
  last4: string;
  reference: string;
  /** Made there, not asked for by us. */
  origin?: 'console';
}

/** A lever of the simulated acquirer; its README says what each fault does. */
export interface Lever {
  fault:
    | 'lose_before'
    | 'lose_after'
    | 'error'
    | 'slow'
    | 'reset'
    | 'hang'
    | 'act_later'
    | 'rate_limit'
    | 'broken_json'
    | `wrong_${'amount' | 'currency' | 'id'}`
    | `webhook_${'drop' | 'delay' | 'duplicate' | 'reorder' | 'replay' | 'forge' | 'stale' | 'future'}`
    | `webhook_wrong_${'amount' | 'currency'}`
    | 'challenge_lifetime'
    | `settlement_${'missing' | 'extra' | 'duplicate' | 'late' | 'malformed'}`
    | `settlement_wrong_${'amount' | 'currency' | 'fee'}`;
  kind?: 'authorize' | 'capture' | 'void' | 'refund' | 'cancel' | 'inquire' | 'chargeback';
  times?: number;
  milliseconds?: number;
  last4?: string;
  after?: boolean;
  copies?: number;
}

/** What its webhooks are signed with, where it sends any. */
export const sandboxSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface SandboxGiven {
  /** Whom it tells of its decisions; nobody where left out. */
  webhookUrl?: string;
  /** What it did before, as JSON lines; nothing where left out. */
  journal?: string;
}

/** Starts a simulated acquirer as a process of its own. */
export async function startSandboxProcess(name: 'alder' | 'birch', { webhookUrl, journal }: SandboxGiven = {}) {
  const folder = await mkdtemp(join(tmpdir(), `florin-${name}-`));
  if (journal !== undefined) await writeFile(join(folder, 'journal.jsonl'), journal);
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
      FLORIN_SANDBOX_FEES: JSON.stringify({ basisPoints: 140, fixed: 25 }),
      ...(webhookUrl !== undefined && {
        FLORIN_SANDBOX_WEBHOOK_URL: webhookUrl,
        FLORIN_SANDBOX_WEBHOOK_SECRET: sandboxSecret,
      }),
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
    /** From now on it knows no key that it was sent before. */
    forgetKeys: () => ask('DELETE', '/keys'),
    /** By the cardholder's bank. @returns its id. */
    chargeback: async (capture: string, amount: number) => idIn(await ask('POST', '/chargebacks', { capture, amount })),
    /** In its own console, without our asking. @returns its id. */
    refundInConsole: async (capture: string, amount: number) =>
      idIn(await ask('POST', '/console/refunds', { capture, amount })),
    /** Sends a webhook again, to the byte: the one with this id, or the last `count`. */
    replayWebhooks: (which: { id?: string; count?: number } = {}) => ask('POST', '/webhooks/replay', which),
    /** Ends the running day. @returns the name of its file. */
    closeDay: async () => (JSON.parse(await ask('POST', '/settlements/close')) as { name: string }).name,
    /** Its settlement files so far. */
    settlements: async () =>
      (JSON.parse(await ask('GET', '/settlements')) as { files: { name: string; day: string }[] }).files,
    /** A settlement file as it stands. */
    settlement: async (file: string) => Buffer.from(await ask('GET', `/settlements/${file}`)),
    /** A line in the next settlement file, of minor units with a sign. */
    adjust: (adjustment: { amount: number; currency: string; reference: string }) =>
      ask('POST', '/settlements/adjustments', adjustment),
    /** Those that are pulled, and how often each took effect. */
    levers: async () => JSON.parse(await ask('GET', '/levers')) as (Lever & { took: number })[],
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function idIn(text: string): string {
  return (JSON.parse(text) as { id: string }).id;
}

/** Answers a challenge as the cardholder does on the bank's page. @returns where the browser goes on. */
export async function answerChallenge(url: string, answer: 'approve' | 'decline' | 'cancel'): Promise<string> {
  const body = new URLSearchParams({ answer });
  const answered = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  return answered.headers.get('location') ?? '';
}
