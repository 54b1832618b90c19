import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { openDatabase, type RawSql } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { addApiKey, callerOfKey, makeApiKey } from '#server/auth/api-keys.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import type { Checkout } from '#server/checkout/checkout.ts';
import { compose } from '#server/composition/rooms.ts';
import { commonSettings } from '#server/composition/settings.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { readEnv } from '#server/kernel/env.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess } from '#server/observability/testing/process.ts';
import { makeReceiver } from '#server/webhooks/receive.ts';
import { readWebhookSettings } from '#server/webhooks/settings.ts';
import { ensureAuthority } from '#server/workload/authority.ts';
import { listen } from '../listen.ts';
import { makeServer, type Rooms } from '../server.ts';

const clock = systemClock;
const ids = uuidv7({ now: clock.now, random: systemRandom });
const sandboxKey = 'key-of-the-test-sandbox';
/** One to sign with, and one that the API takes as well while it is changed. */
export const webhookSecrets = [32, 32].map((bytes) => `whsec_${systemRandom(bytes).toString('base64')}`);
const secret = () => systemRandom(32).toString('base64');

/** A merchant of the test, with the official client in its hands. */
export interface TestMerchant {
  id: string;
  key: string;
  stripe: Stripe;
}

/** The API over its real parts: PostgreSQL, the vault's process and a sandbox acquirer's. */
export interface Stack {
  port: number;
  merchant: TestMerchant;
  /** Another merchant, who must see nothing of the first. */
  stranger: TestMerchant;
  /** A request as no client would send it, with the first merchant's key unless `headers` names another. */
  raw(path: string, init?: RequestInit): Promise<Response>;
  rooms: Rooms;
  /** The checkout as the web process has it: where the shopper is. */
  pages: Checkout;
  /** As the owner of the database, whom no grant binds. */
  sql: RawSql;
  /** How many rows each table holds that a request could write to. */
  rows(): Promise<Record<string, number>>;
  /** What really happened at the acquirer. */
  books(): Promise<Record<string, unknown>[]>;
  /** Makes the acquirer misbehave. */
  pull(lever: object): Promise<void>;
  /** Captures a charge's authorization at the acquirer itself, past Florin. */
  captureElsewhere(charge: string): Promise<void>;
  /** What the API logged. */
  log(): string;
  stop(): Promise<void>;
}

export async function startStack(): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'florin-api-'));
  const [database, vaultDatabase] = await Promise.all([testDatabase('florin'), testDatabase('vault')]);
  const owner = openDatabase({ url: database.url('owner'), application: 'api test' });
  const acquirerPort = await freePort();
  const acquirerUrl = `http://127.0.0.1:${acquirerPort}`;
  const [acquirer, vault] = await Promise.all([
    startAcquirer(folder, acquirerPort),
    startVault(folder, { databaseUrl: vaultDatabase.url('vault'), acquirerUrl }),
  ]);
  let logged = '';
  const write = (line: string) => {
    logged += line;
  };
  const environment = {
    NODE_ENV: 'test' as const,
    FLORIN_MODE: 'test',
    FLORIN_DATABASE_URL: database.url('api'),
    FLORIN_VAULT_URL: vault.url,
    FLORIN_PROVIDERS: JSON.stringify([{ name: 'alder', kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 }]),
    FLORIN_WEB_URL: 'http://localhost:3000',
    FLORIN_CART_SEAL_KEY: secret(),
    ...(await identity(folder, 'api')),
  };
  const told = readEnv(commonSettings, environment);
  const asWeb = readEnv(commonSettings, { ...environment, FLORIN_DATABASE_URL: database.url('web') });
  const log = makeLog('api', { write });
  const composed = compose(told, { service: 'api', clock, random: systemRandom, log });
  const pages = compose(asWeb, { service: 'web', clock, random: systemRandom, log });
  const settings = readWebhookSettings(
    JSON.stringify({ alder: { secrets: webhookSecrets, addresses: ['127.0.0.1/32', '::1/128'] } }),
  );
  const rooms = {
    ...composed,
    callerOfKey: (text: string) => callerOfKey(composed.db, text),
    webhooks: makeReceiver({ ...composed, processor: composed.webhooks, settings }),
    trustedHops: 0,
  };
  const app = makeServer(rooms);
  const port = await listen(app, 0);
  const merchant = await addTestMerchant(owner.db, port);
  return {
    port,
    merchant,
    stranger: await addTestMerchant(owner.db, port),
    raw: (path, { headers, ...init } = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${merchant.key}`, ...headers },
      }),
    rooms,
    pages: pages.checkout,
    sql: owner.sql,
    rows: () => countRows(owner.sql),
    books: acquirer.books,
    pull: acquirer.pull,
    captureElsewhere: acquirer.capture,
    log: () => logged,
    async stop() {
      await app.close();
      await Promise.all([composed.close(), pages.close()]);
      await Promise.all([vault.stop(), acquirer.stop(), owner.close()]);
      await Promise.all([database.drop(), vaultDatabase.drop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

async function addTestMerchant(db: Parameters<typeof addMerchant>[0], port: number): Promise<TestMerchant> {
  const id = ids();
  const key = makeApiKey(systemRandom, 'test');
  await addMerchant(db, { clock }, { id, name: 'Harbour Goods', currency: 'EUR' });
  await addApiKey(db, { clock, ids }, { merchantId: id, text: key });
  return { id, key, stripe: clientOf(port, key) };
}

export function clientOf(port: number, key: string): Stripe {
  return new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
}

const tables = [
  'intents',
  'payments',
  'operations',
  'events',
  'postings',
  'risk_verdicts',
  'idempotency_keys',
  'checkout_sessions',
  'checkout_line_items',
];

async function countRows(sql: RawSql): Promise<Record<string, number>> {
  const counts = await Promise.all(
    tables.map((table) => sql<{ n: number }[]>`SELECT count(*)::int AS n FROM ${sql(table)}`),
  );
  return Object.fromEntries(tables.map((table, index) => [table, counts[index]?.[0]?.n ?? 0]));
}

async function startAcquirer(folder: string, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${sandboxKey}`, 'idempotency-key': ids() } });
  const child = await startProcess('server/sandbox/main.ts', {
    ready: `${url}/ready`,
    env: {
      FLORIN_MODE: 'test',
      FLORIN_SANDBOX_NAME: 'alder',
      FLORIN_SANDBOX_PORT: String(port),
      FLORIN_SANDBOX_KEY: sandboxKey,
      FLORIN_SANDBOX_DIR: join(folder, 'sandbox'),
      FLORIN_SANDBOX_FEES: JSON.stringify({ basisPoints: 140, fixed: 25 }),
    },
  });
  async function books() {
    const lines = (await (await ask('/books')).text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
  return {
    stop: child.stop,
    books,
    async capture(charge: string) {
      const { authorization, amount } = (await books()).find(({ reference }) => reference === charge) ?? {};
      const body = JSON.stringify({ amount });
      const { status } = await ask(`/authorizations/${authorization}/captures`, { method: 'POST', body });
      invariant(status === 201, 'the acquirer captures what it has authorized');
    },
    async pull(lever: object) {
      await ask('/levers', { method: 'POST', body: JSON.stringify(lever) });
    },
  };
}

async function startVault(folder: string, { databaseUrl, acquirerUrl }: { databaseUrl: string; acquirerUrl: string }) {
  const [port, internalPort] = [await freePort(), await freePort()];
  const child = await startProcess('server/vault/main.ts', {
    ready: `http://127.0.0.1:${port}/health`,
    env: {
      FLORIN_MODE: 'test',
      FLORIN_VAULT_DATABASE_URL: databaseUrl,
      FLORIN_VAULT_PORT: String(port),
      FLORIN_VAULT_INTERNAL_PORT: String(internalPort),
      FLORIN_VAULT_PUBLIC_URL: `http://127.0.0.1:${port}`,
      FLORIN_VAULT_MASTER_KEY: secret(),
      FLORIN_VAULT_FRAME_PARENTS: 'http://localhost:3000',
      FLORIN_VAULT_EGRESS: JSON.stringify({ alder: { kind: 'sandbox', url: acquirerUrl, key: sandboxKey } }),
      ...(await identity(folder, 'vault')),
    },
  });
  return { url: `https://127.0.0.1:${internalPort}`, stop: child.stop };
}

async function identity(folder: string, workload: 'api' | 'vault'): Promise<Record<string, string>> {
  const { ca, cert, key } = await (await ensureAuthority(join(folder, 'certificates'))).issue(workload);
  return { FLORIN_TLS_CA: ca, FLORIN_TLS_CERT: cert, FLORIN_TLS_KEY: key };
}
