import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type RawSql } from '#db/client.ts';
import type { FailpointName } from '#db/failpoints.ts';
import { testDatabase } from '#db/testing/database.ts';
import { addApiKey, makeApiKey } from '#server/auth/api-keys.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess, type TestProcess } from '#server/observability/testing/process.ts';
import { startSandboxProcess } from '#server/providers/testing/sandbox-process.ts';
import { addRule } from '#server/routing/rules.ts';
import { ensureAuthority } from '#server/workload/authority.ts';

const clock = systemClock;
const ids = uuidv7({ now: clock.now, random: systemRandom });
const secret = () => systemRandom(32).toString('base64');

/** A merchant's routing rule, as `addRule` takes it. */
type Rule = Parameters<typeof addRule>[2]['rule'];

/** Where a process meets its end, and which: "payments.commit:before#2 SIGKILL"; one that is to live passes nowhere. */
export type Fate = `${FailpointName | `${FailpointName}#${number}` | 'nowhere'} ${'SIGKILL' | 'SIGSTOP'}`;

export type Acquirer = Awaited<ReturnType<typeof startSandboxProcess>>;

/** The house as it runs: api, worker, vault and two acquirers, each a process of its own. */
export interface Processes {
  api: TestProcess & { url: string };
  worker: TestProcess;
  vault: TestProcess & { publicUrl: string };
  alder: Acquirer;
  birch: Acquirer;
  /** A merchant's secret key. */
  key: string;
  merchantId: string;
  /** As the owner of the database. */
  sql: RawSql;
  /** Another API, which kills or freezes itself at the n-th passing of a place. */
  mortalApi(fate: Fate): Promise<TestProcess & { url: string }>;
  /** The door that the pages call, as a process of its own, and the origin that it takes calls from. */
  pages(): Promise<{ url: string; origin: string }>;
  stop(): Promise<void>;
}

export interface Told {
  /** `limits` by provider; the defaults for who is not named. */
  limits?: { alder?: object; birch?: object };
  rules?: Rule[];
  /** `FLORIN_WEBHOOKS`; nobody's are taken where left out. */
  webhooks?: Record<string, { secrets: string[]; addresses: string[] }>;
  /** The acquirers tell the API of their decisions. */
  telling?: boolean;
}

export async function startProcesses({
  limits = {},
  rules = [],
  webhooks,
  telling = false,
}: Told = {}): Promise<Processes> {
  const folder = await mkdtemp(join(tmpdir(), 'florin-processes-'));
  const [database, vaultDatabase] = await Promise.all([testDatabase('florin'), testDatabase('vault')]);
  const owner = openDatabase({ url: database.url('owner'), application: 'processes test' });
  const apiPort = await freePort();
  const tells = (name: string) => (telling ? { webhookUrl: `http://127.0.0.1:${apiPort}/webhooks/${name}` } : {});
  const [alder, birch] = await Promise.all([
    startSandboxProcess('alder', tells('alder')),
    startSandboxProcess('birch', tells('birch')),
  ]);
  const vault = await startVault(folder, { databaseUrl: vaultDatabase.url('vault'), acquirers: [alder, birch] });
  const providers = [alder, birch].map(({ name }) => {
    return { name, kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25, limits: limits[name] };
  });
  const common = {
    FLORIN_MODE: 'test',
    FLORIN_VAULT_URL: vault.url,
    FLORIN_PROVIDERS: JSON.stringify(providers),
    FLORIN_WEB_URL: 'http://localhost:3000',
    FLORIN_CART_SEAL_KEY: secret(),
  };
  const apiEnvironment = {
    ...common,
    FLORIN_DATABASE_URL: database.url('api'),
    FLORIN_WEBHOOKS: JSON.stringify(webhooks ?? {}),
    ...(await identity(folder, 'api')),
  };
  const mortals: TestProcess[] = [];
  const [api, worker] = await Promise.all([
    startApi(apiEnvironment, { port: apiPort }),
    startWorker({ ...common, FLORIN_DATABASE_URL: database.url('worker'), ...(await identity(folder, 'worker')) }),
  ]);
  const merchantId = ids();
  const key = makeApiKey(systemRandom, 'test');
  await addMerchant(owner.db, { clock }, { id: merchantId, name: 'Harbour Goods', currency: 'EUR' });
  await addApiKey(owner.db, { clock, ids }, { merchantId, text: key });
  for (const rule of rules) await addRule(owner.sql, { clock, ids }, { merchantId, rule });
  return {
    api,
    worker,
    vault,
    alder,
    birch,
    key,
    merchantId,
    sql: owner.sql,
    async mortalApi(fate) {
      const mortal = await startApi(
        { ...apiEnvironment, FLORIN_TEST_FATE: fate },
        { port: await freePort(), entry: 'server/api/testing/mortal-api.ts' },
      );
      mortals.push(mortal);
      return mortal;
    },
    async pages() {
      const webEnvironment = {
        ...common,
        FLORIN_DATABASE_URL: database.url('web'),
        ...(await identity(folder, 'web')),
      };
      const pages = await startPages(webEnvironment, vault.publicUrl);
      mortals.push(pages);
      return { url: pages.url, origin: common.FLORIN_WEB_URL };
    },
    async stop() {
      await Promise.all(mortals.map((mortal) => mortal.stop('SIGKILL')));
      await Promise.all([api.stop(), worker.stop()]);
      await Promise.all([vault.stop(), alder.stop(), birch.stop(), owner.close()]);
      await Promise.all([database.drop(), vaultDatabase.drop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

type Environment = Record<string, string>;

async function startApi(env: Environment, { port, entry = 'server/api/main.ts' }: { port: number; entry?: string }) {
  const url = `http://127.0.0.1:${port}`;
  const more = { FLORIN_API_PORT: String(port) };
  return { ...(await startProcess(entry, { ready: `${url}/ready`, env: { ...env, ...more } })), url };
}

async function startPages(env: Environment, vaultPublicUrl: string) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const more = {
    PORT: String(port),
    FLORIN_VAULT_PUBLIC_URL: vaultPublicUrl,
    NEXTAUTH_URL: env.FLORIN_WEB_URL ?? '',
    NEXTAUTH_SECRET: secret(),
  };
  const entry = 'server/trpc/testing/door-process.ts';
  return { ...(await startProcess(entry, { ready: `${url}/health`, env: { ...env, ...more } })), url };
}

async function startWorker(env: Environment) {
  const port = await freePort();
  const ready = `http://127.0.0.1:${port}/ready`;
  return startProcess('server/jobs/main.ts', { ready, env: { ...env, FLORIN_WORKER_PORT: String(port) } });
}

async function startVault(folder: string, told: { databaseUrl: string; acquirers: Acquirer[] }) {
  const [port, internalPort] = [await freePort(), await freePort()];
  const egress = told.acquirers.map(({ name, url, key }) => [name, { kind: 'sandbox', url, key }]);
  const child = await startProcess('server/vault/main.ts', {
    ready: `http://127.0.0.1:${port}/health`,
    env: {
      FLORIN_MODE: 'test',
      FLORIN_VAULT_DATABASE_URL: told.databaseUrl,
      FLORIN_VAULT_PORT: String(port),
      FLORIN_VAULT_INTERNAL_PORT: String(internalPort),
      FLORIN_VAULT_PUBLIC_URL: `http://127.0.0.1:${port}`,
      FLORIN_VAULT_MASTER_KEY: secret(),
      FLORIN_VAULT_FRAME_PARENTS: 'http://localhost:3000',
      FLORIN_VAULT_EGRESS: JSON.stringify(Object.fromEntries(egress)),
      ...(await identity(folder, 'vault')),
    },
  });
  return { ...child, url: `https://127.0.0.1:${internalPort}`, publicUrl: `http://127.0.0.1:${port}` };
}

async function identity(folder: string, workload: 'web' | 'api' | 'worker' | 'vault'): Promise<Environment> {
  const { ca, cert, key } = await (await ensureAuthority(join(folder, 'certificates'))).issue(workload);
  return { FLORIN_TLS_CA: ca, FLORIN_TLS_CERT: cert, FLORIN_TLS_KEY: key };
}
