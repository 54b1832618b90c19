import { join } from 'node:path';
import { root } from '#deploy/local/settings.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { sandboxSecret } from '#server/providers/testing/sandbox-process.ts';
import { ensureAuthority } from '#server/workload/authority.ts';

export const acquirerNames = ['alder', 'birch'] as const;
export type AcquirerName = (typeof acquirerNames)[number];

/** Where each process listens, and the wires over which the others reach it. */
export interface Ports {
  api: readonly [number, number];
  worker: readonly [number, number];
  vault: number;
  vaultInternal: number;
  pages: number;
  warehouse: number;
  acquirer: Record<AcquirerName, number>;
  /** Wires: from the vault to the acquirers, from these to the APIs, and from api, worker and pages to the vault. */
  toAcquirer: Record<AcquirerName, number>;
  toApi: Record<AcquirerName, number>;
  toVault: number;
}

export interface Ground {
  folder: string;
  ports: Ports;
  /** The database as each role reaches it, over a proxy. */
  database: Record<'web' | 'api' | 'worker' | 'vault', string>;
  merchantIds: readonly string[];
}

type Settings = Record<string, string>;

export const webUrl = 'http://localhost:3000';
export const warehouseKey = 'key-of-the-warehouse';

/** All that the processes are told, in the words that the product takes. */
export async function settingsOf({ folder, ports, database, merchantIds }: Ground) {
  const authority = await ensureAuthority(join(folder, 'certificates'));
  const identity = async (workload: 'web' | 'api' | 'worker' | 'vault'): Promise<Settings> => {
    const { ca, cert, key } = await authority.issue(workload);
    return { FLORIN_TLS_CA: ca, FLORIN_TLS_CERT: cert, FLORIN_TLS_KEY: key };
  };
  const seal = secret();
  const common = {
    FLORIN_MODE: 'test',
    FLORIN_LOG_LEVEL: 'warn',
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/florin'),
  };
  const payments = async (workload: 'web' | 'api' | 'worker'): Promise<Settings> => ({
    ...common,
    ...(await identity(workload)),
    FLORIN_DATABASE_URL: database[workload],
    FLORIN_VAULT_URL: `https://127.0.0.1:${ports.toVault}`,
    FLORIN_PROVIDERS: JSON.stringify(
      acquirerNames.map((name) => ({ name, kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 })),
    ),
    FLORIN_WEB_URL: webUrl,
    FLORIN_CART_SEAL_KEY: seal,
  });
  const warehouse = { url: `http://127.0.0.1:${ports.warehouse}`, key: warehouseKey };
  return {
    api: { ...(await payments('api')), FLORIN_WEBHOOKS: JSON.stringify(webhooks()) },
    worker: {
      ...(await payments('worker')),
      FLORIN_WAREHOUSE: JSON.stringify(Object.fromEntries(merchantIds.map((id) => [id, warehouse]))),
    },
    pages: {
      ...(await payments('web')),
      PORT: String(ports.pages),
      FLORIN_VAULT_PUBLIC_URL: `http://127.0.0.1:${ports.vault}`,
      NEXTAUTH_URL: webUrl,
      NEXTAUTH_SECRET: secret(),
    },
    vault: {
      ...common,
      ...(await identity('vault')),
      FLORIN_VAULT_DATABASE_URL: database.vault,
      FLORIN_VAULT_PORT: String(ports.vault),
      FLORIN_VAULT_INTERNAL_PORT: String(ports.vaultInternal),
      FLORIN_VAULT_PUBLIC_URL: `http://127.0.0.1:${ports.vault}`,
      FLORIN_VAULT_MASTER_KEY: secret(),
      FLORIN_VAULT_FRAME_PARENTS: webUrl,
      FLORIN_VAULT_EGRESS: JSON.stringify(egress(ports)),
    },
    acquirer: (name: AcquirerName): Settings => ({
      ...common,
      FLORIN_SANDBOX_NAME: name,
      FLORIN_SANDBOX_PORT: String(ports.acquirer[name]),
      FLORIN_SANDBOX_KEY: acquirerKey(name),
      FLORIN_SANDBOX_DIR: join(folder, name),
      FLORIN_SANDBOX_FEES: JSON.stringify({ basisPoints: 140, fixed: 25 }),
      FLORIN_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.toApi[name]}/webhooks/${name}`,
      FLORIN_SANDBOX_WEBHOOK_SECRET: sandboxSecret,
    }),
  };
}

export const acquirerKey = (name: AcquirerName): string => `key-of-${name}`;

function webhooks() {
  const from = { secrets: [sandboxSecret], addresses: ['127.0.0.1', '::1'] };
  return Object.fromEntries(acquirerNames.map((name) => [name, from]));
}

function egress({ toAcquirer }: Ports) {
  return Object.fromEntries(
    acquirerNames.map((name) => [
      name,
      { kind: 'sandbox', url: `http://127.0.0.1:${toAcquirer[name]}`, key: acquirerKey(name) },
    ]),
  );
}

function secret(): string {
  return systemRandom(32).toString('base64');
}
