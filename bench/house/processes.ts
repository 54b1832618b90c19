import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeVaultClient, type VaultClient } from '#server/vault-client/vault-client.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { type Authority, ensureAuthority } from '#server/workload/authority.ts';
import type { Bench } from '../case.ts';
import { type Classes, family } from '../measure/processor.ts';
import { type Child, startChild } from './child.ts';
import { freePort } from './cluster.ts';
import type { CaseDatabase } from './databases.ts';
import type { Acquirer } from './examined.ts';
import { addMerchants, type Merchant } from './merchants.ts';
import { acquirer } from './providers.ts';

/** Florin as it runs: the API, the vault with its egress and an acquirer, each a process of its own. */
export interface Processes {
  apiUrl: string;
  merchants: readonly [Merchant, ...Merchant[]];
  merchantOf(client: number): Merchant;
  /** The vault, asked as the API asks it. */
  vault: VaultClient;
  database: CaseDatabase;
  /** Its books, for the doctor. */
  books: Acquirer;
  /** The acquirer waits so long before it answers, milliseconds. */
  delay(milliseconds: number): Promise<void>;
  /** New processes, with new connections and so new plans. */
  restart(): Promise<void>;
  classes: Classes;
  stop(): Promise<void>;
}

type Settings = Record<string, string>;

interface Ground {
  folder: string;
  authority: Authority;
  ports: Record<'api' | 'vault' | 'vaultInternal' | 'acquirer', number>;
  urls: Record<'api' | 'vault' | 'acquirer', string>;
  key: string;
  profiles: string | undefined;
}

export async function startProcesses(bench: Bench, { merchants: count = 200 } = {}): Promise<Processes> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(bench.options.folder, 'processes-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const [database, vaultDatabase] = [await bench.databases.make('florin'), await bench.databases.make('vault')];
  opened.defer(async () => void (await Promise.all([database.drop(), vaultDatabase.drop()])));
  const merchants = await addMerchants(database.url('owner'), count);
  const ground = await layGround(folder, bench.options);
  const programs = await programsOf(ground, { florin: database.url('api'), vault: vaultDatabase.url('vault') });
  const started: Record<keyof typeof programs, Child> = {
    acquirer: await startChild(programs.acquirer),
    vault: await startChild(programs.vault),
    api: await startChild(programs.api),
  };
  opened.defer(async () => {
    for (const child of [started.api, started.vault, started.acquirer]) await child.stop();
  });
  const agent = workloadAgent(await ground.authority.issue('api'), { to: 'vault', connections: 128 });
  opened.defer(() => agent.destroy());
  const closing = opened.move();
  return {
    apiUrl: ground.urls.api,
    merchants,
    merchantOf: (client) => merchants[client % merchants.length] ?? merchants[0],
    vault: makeVaultClient({ url: `https://127.0.0.1:${ground.ports.vaultInternal}`, agent }),
    database,
    books: { name: acquirer.name, books: `${ground.urls.acquirer}/books`, key: ground.key },
    delay: (milliseconds) => delay(ground, milliseconds),
    async restart() {
      for (const name of ['api', 'vault'] as const) {
        await started[name].stop();
        started[name] = await startChild(programs[name]);
      }
    },
    classes: {
      client: () => [process.pid],
      api: () => [started.api.pid],
      vault: () => [started.vault.pid],
      acquirer: () => [started.acquirer.pid],
      postgres: () => family(bench.cluster.pid),
    },
    stop: () => closing.disposeAsync(),
  };
}

async function layGround(folder: string, options: Bench['options']): Promise<Ground> {
  const profiles = options.profile ? join(options.folder, 'profiles') : undefined;
  const authority = await ensureAuthority(join(folder, 'certificates'));
  const ports = {
    api: await freePort(),
    vault: await freePort(),
    vaultInternal: await freePort(),
    acquirer: await freePort(),
  };
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const urls = { api: at(ports.api), vault: at(ports.vault), acquirer: at(ports.acquirer) };
  return { folder, authority, ports, urls, key: 'key-of-the-acquirer', profiles };
}

async function programsOf(ground: Ground, database: { florin: string; vault: string }) {
  const { folder, ports, urls, key, profiles } = ground;
  const logFile = (name: string) => join(folder, `${name}.log`);
  const common = { FLORIN_MODE: 'test' };
  const egress = { [acquirer.name]: { kind: acquirer.kind, url: urls.acquirer, key } };
  const vault: Settings = {
    ...common,
    ...(await identity(ground, 'vault')),
    FLORIN_VAULT_DATABASE_URL: database.vault,
    FLORIN_VAULT_PORT: String(ports.vault),
    FLORIN_VAULT_INTERNAL_PORT: String(ports.vaultInternal),
    FLORIN_VAULT_PUBLIC_URL: urls.vault,
    FLORIN_VAULT_MASTER_KEY: secret(),
    FLORIN_VAULT_FRAME_PARENTS: 'http://localhost:3000',
    FLORIN_VAULT_EGRESS: JSON.stringify(egress),
  };
  const api: Settings = {
    ...common,
    ...(await identity(ground, 'api')),
    FLORIN_DATABASE_URL: database.florin,
    FLORIN_VAULT_URL: `https://127.0.0.1:${ports.vaultInternal}`,
    FLORIN_PROVIDERS: JSON.stringify([acquirer]),
    FLORIN_WEB_URL: 'http://localhost:3000',
    FLORIN_CART_SEAL_KEY: secret(),
    FLORIN_WEBHOOKS: '{}',
    FLORIN_API_PORT: String(ports.api),
  };
  const simulated: Settings = {
    ...common,
    FLORIN_SANDBOX_NAME: acquirer.name,
    FLORIN_SANDBOX_PORT: String(ports.acquirer),
    FLORIN_SANDBOX_KEY: key,
    FLORIN_SANDBOX_DIR: join(folder, acquirer.name),
    FLORIN_SANDBOX_FEES: JSON.stringify({ basisPoints: acquirer.feeBasisPoints, fixed: acquirer.feeFixed }),
  };
  const program = (entry: string, name: string, env: Settings, ready: string) => {
    return { entry, env, logFile: logFile(name), ready, profiles: profiles && join(profiles, name) };
  };
  return {
    vault: program('server/vault/main.ts', 'vault', vault, `${urls.vault}/ready`),
    api: program('server/api/main.ts', 'api', api, `${urls.api}/ready`),
    acquirer: program('server/sandbox/main.ts', acquirer.name, simulated, `${urls.acquirer}/ready`),
  };
}

async function identity({ authority }: Ground, workload: 'api' | 'vault'): Promise<Settings> {
  const { ca, cert, key } = await authority.issue(workload);
  return { FLORIN_TLS_CA: ca, FLORIN_TLS_CERT: cert, FLORIN_TLS_KEY: key };
}

function secret(): string {
  return systemRandom(32).toString('base64');
}

/** By the acquirer's own levers: it decides, then waits. */
async function delay({ urls, key }: Ground, milliseconds: number): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  await fetch(`${urls.acquirer}/levers`, { method: 'DELETE', headers });
  if (milliseconds === 0) return;
  for (const kind of ['authorize', 'capture']) {
    const body = JSON.stringify({ fault: 'slow', kind, milliseconds });
    const { ok, status } = await fetch(`${urls.acquirer}/levers`, { method: 'POST', headers, body });
    if (!ok) throw new Error(`the acquirer takes no lever: ${status}`);
  }
}
