import { join } from 'node:path';
import { demoMerchantId } from '#db/demo-merchant.ts';
import type { PemFiles } from '#server/workload/identity.ts';
import type { Workload } from '#server/workload/policy.ts';
import type { DataFolder } from './data-folder.ts';
import type { Server } from './node-service.ts';
import { databaseUrl } from './postgres.ts';
import type { Secrets } from './secrets.ts';
import { type Ports, root } from './settings.ts';
import { type StripeAccount, stripeChallenges, stripeEgress, stripeProvider, stripeWebhooks } from './stripe.ts';

/** The simulated acquirers of a local run: two, since routing and failover need a choice. */
const acquirers = {
  alder: { basisPoints: 140, fixed: 25 },
  birch: { basisPoints: 120, fixed: 35 },
} as const;

/** Whose midnight ends their days. */
const timeZones = { alder: 'UTC', birch: 'Europe/Amsterdam' } as const;

export type Acquirer = keyof typeof acquirers;
export const acquirerNames = Object.keys(acquirers) as Acquirer[];

export interface Plan {
  folder: DataFolder;
  ports: Ports;
  secrets: Secrets;
  adminUrl: string;
  certificates: Record<Workload, PemFiles>;
  stripe: StripeAccount | undefined;
}

export function urlsOf(ports: Ports) {
  return {
    web: `http://localhost:${ports.web}`,
    // Another host name than the web's: cookies ignore ports.
    vault: `http://127.0.0.1:${ports.vault}`,
    vaultInternal: `https://127.0.0.1:${ports.vaultInternal}`,
    api: `http://localhost:${ports.api}`,
    worker: `http://127.0.0.1:${ports.worker}`,
    alder: `http://127.0.0.1:${ports.alder}`,
    birch: `http://127.0.0.1:${ports.birch}`,
  };
}

/** The product's processes, each with its whole environment. Elsewhere a platform says the same in its own words. */
export function processes(plan: Plan): Server[] {
  const { folder, ports, secrets, stripe } = plan;
  const urls = urlsOf(ports);
  const serve = (name: string, script: string, url: string, env: Record<string, string>): Server => ({
    name,
    args: [script],
    env: { ...common(folder), ...env },
    logFile: folder.logFile(name),
    health: `${url}/health`,
  });
  return [
    serve('vault', 'server/vault/main.ts', urls.vault, {
      ...identity(plan, 'vault'),
      FLORIN_VAULT_DATABASE_URL: databaseOf(plan, 'vault', 'florin_vault'),
      FLORIN_VAULT_PORT: String(ports.vault),
      FLORIN_VAULT_INTERNAL_PORT: String(ports.vaultInternal),
      FLORIN_VAULT_PUBLIC_URL: urls.vault,
      FLORIN_VAULT_MASTER_KEY: secrets.vaultMasterKey,
      FLORIN_VAULT_FRAME_PARENTS: urls.web,
      FLORIN_VAULT_EGRESS: JSON.stringify({
        ...Object.fromEntries(
          acquirerNames.map((name) => [name, { kind: 'sandbox', url: urls[name], key: secrets[`${name}Key`] }]),
        ),
        ...stripeEgress(stripe),
      }),
    }),
    ...acquirerNames.map((name) =>
      serve(name, 'server/sandbox/main.ts', urls[name], {
        FLORIN_SANDBOX_NAME: name,
        FLORIN_SANDBOX_PORT: String(ports[name]),
        FLORIN_SANDBOX_KEY: secrets[`${name}Key`],
        FLORIN_SANDBOX_REPORTS_KEY: secrets[`${name}ReportsKey`],
        FLORIN_SANDBOX_DIR: join(folder.path, 'sandbox', name),
        FLORIN_SANDBOX_FEES: JSON.stringify(acquirers[name]),
        FLORIN_SANDBOX_WEBHOOK_URL: `${urls.api}/webhooks/${name}`,
        FLORIN_SANDBOX_WEBHOOK_SECRET: secrets[`${name}WebhookSecret`],
      }),
    ),
    serve('web', 'deploy/web.ts', urls.web, {
      ...payments(plan, 'web'),
      PORT: String(ports.web),
      FLORIN_VAULT_PUBLIC_URL: urls.vault,
      FLORIN_CHALLENGE_ORIGINS: [...acquirerNames.map((name) => urls[name]), ...stripeChallenges(stripe)].join(','),
      FLORIN_API_URL: urls.api,
      FLORIN_SHOP_SECRET_KEY: secrets.shopSecretKey,
      FLORIN_SHOP_WAREHOUSE_KEY: secrets.shopWarehouseKey,
      NEXTAUTH_URL: urls.web,
      NEXTAUTH_SECRET: secrets.nextauthSecret,
    }),
    serve('api', 'server/api/main.ts', urls.api, {
      ...payments(plan, 'api'),
      FLORIN_API_PORT: String(ports.api),
      FLORIN_WEBHOOKS: webhooks(plan),
    }),
    serve('worker', 'server/jobs/main.ts', urls.worker, {
      ...payments(plan, 'worker'),
      FLORIN_WAREHOUSE: JSON.stringify({
        [demoMerchantId]: { url: `${urls.web}/shop/warehouse`, key: secrets.shopWarehouseKey },
      }),
      FLORIN_SETTLEMENTS: settlements(plan),
      FLORIN_WORKER_PORT: String(ports.worker),
      ...handedOn(['FLORIN_SMTP_URL', 'FLORIN_SMTP_FROM', 'FLORIN_PAGERDUTY_URL']),
    }),
  ];
}

/** What the API believes of whom. */
function webhooks({ secrets, stripe }: Plan): string {
  const of = (name: Acquirer) => ({ secrets: [secrets[`${name}WebhookSecret`]], addresses: ['127.0.0.1', '::1'] });
  return JSON.stringify({
    ...Object.fromEntries(acquirerNames.map((name) => [name, of(name)])),
    ...stripeWebhooks(stripe),
  });
}

/** Where the worker fetches settlement files. */
function settlements({ ports, secrets }: Plan): string {
  const urls = urlsOf(ports);
  const of = (name: Acquirer) => {
    return { url: urls[name], key: secrets[`${name}ReportsKey`], timeZone: timeZones[name], dueBy: '06:00' };
  };
  return JSON.stringify(Object.fromEntries(acquirerNames.map((name) => [name, of(name)])));
}

export function common(folder: DataFolder): Record<string, string> {
  return {
    NODE_ENV: 'production',
    // Every start compiles the same sources: kept between starts, that is a third less work.
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/florin'),
    FLORIN_MODE: 'test',
    FLORIN_DATA_DIR: folder.path,
    FLORIN_TRACES: join(folder.path, 'traces'),
    FLORIN_LOG_LEVEL: process.env.FLORIN_LOG_LEVEL ?? 'info',
    ...handedOn(['OTEL_EXPORTER_OTLP_ENDPOINT']),
  };
}

/** What whoever starts the product may have set for a process. */
function handedOn(names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** What a process needs that takes payments on their way: its role, the vault, the providers. */
function payments(plan: Plan, name: 'web' | 'api' | 'worker'): Record<string, string> {
  const urls = urlsOf(plan.ports);
  return {
    ...identity(plan, name),
    FLORIN_WEB_URL: urls.web,
    FLORIN_DATABASE_URL: databaseOf(plan, name, 'florin'),
    FLORIN_VAULT_URL: urls.vaultInternal,
    FLORIN_CART_SEAL_KEY: plan.secrets.cartSealKey,
    ...(process.env.FLORIN_ESCALATE_AFTER && { FLORIN_ESCALATE_AFTER: process.env.FLORIN_ESCALATE_AFTER }),
    FLORIN_PROVIDERS: JSON.stringify([
      ...acquirerNames.map((provider) => ({
        name: provider,
        kind: 'sandbox',
        feeBasisPoints: acquirers[provider].basisPoints,
        feeFixed: acquirers[provider].fixed,
      })),
      ...stripeProvider(plan.stripe),
    ]),
  };
}

function identity({ certificates }: Plan, name: Workload): Record<string, string> {
  const { ca, cert, key } = certificates[name];
  return { FLORIN_TLS_CA: ca, FLORIN_TLS_CERT: cert, FLORIN_TLS_KEY: key };
}

function databaseOf({ adminUrl, secrets }: Plan, name: Workload, database: string): string {
  return databaseUrl(adminUrl, { user: `florin_${name}`, password: secrets[`${name}DatabasePassword`], database });
}
