import { type Connections, openDatabase } from '#db/client.ts';
import { readTime } from '#db/time.ts';
import { type Failpoint, makeTransact, type Transact } from '#db/transaction.ts';
import type { Alerts } from '#server/alerts/alerts.ts';
import type { Channels } from '#server/alerts/channel.ts';
import { makeAlerts } from '#server/alerts/make.ts';
import type { Mode } from '#server/auth/caller.ts';
import { readMerchant } from '#server/auth/merchants.ts';
import type { Checkout } from '#server/checkout/checkout.ts';
import { makeCheckout } from '#server/checkout/make.ts';
import { makeOrders } from '#server/checkout/make-orders.ts';
import type { Orders } from '#server/checkout/orders.ts';
import type { Warehouse } from '#server/checkout/warehouse.ts';
import type { Bus, Consumer } from '#server/events/consumer.ts';
import { makeKeys, type StoredKeys } from '#server/idempotency/make.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { type Ids, uuidv7 } from '#server/kernel/id.ts';
import type { Random, Secret } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { Providers } from '#server/providers/contract.ts';
import { makeProviders } from '#server/providers/providers.ts';
import type { SettlementSetting } from '#server/reconciliation/intake/settings.ts';
import { type ReportSource, sourceOver } from '#server/reconciliation/intake/source.ts';
import { makeReconciliation } from '#server/reconciliation/make.ts';
import type { Reconciliation } from '#server/reconciliation/reconciliation.ts';
import { makeVaultClient, type VaultClient } from '#server/vault-client/vault-client.ts';
import { makeProcessor, type Processor } from '#server/webhooks/process.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { identityFiles } from '#server/workload/identity.ts';
import { busOf, makeConsumers } from './consumers.ts';
import { lookOut } from './lookout.ts';
import { requireFitForMoney, type Told } from './settings.ts';

/** What the machine gives; a test may hand in its own. */
export interface Seams {
  /** Name of the process. */
  service: 'web' | 'api' | 'worker';
  clock: Clock;
  random: Random;
  log: Log;
  /** Where alerts are sent from: the worker. */
  channels?: Channels;
  /** Who sends merchants' goods, by merchant: asked by the worker. */
  warehouses?: ReadonlyMap<string, Warehouse>;
  /** Where settlement files are fetched from and by when, by provider: by the worker. */
  settlements?: ReadonlyMap<string, SettlementSetting>;
  /** Stops or kills at named places of a transaction; only tests hand one in. */
  failpoint?: Failpoint;
}

/** What web, api and worker are all made of. */
export interface Composition extends Pick<Connections, 'db' | 'sql'> {
  mode: Mode;
  ids: Ids;
  clock: Clock;
  log: Log;
  alerts: Alerts;
  bus: Bus;
  /** Who acts on the event log, by way of the bus. */
  consumers: Consumer[];
  vault: VaultClient;
  providers: Providers;
  payments: Payments;
  checkout: Checkout;
  orders: Orders;
  reconciliation: Reconciliation;
  /** What becomes of webhooks that providers have sent. */
  webhooks: Processor;
  keys: StoredKeys;
  transact: Transact;
  /** What the database's clock says. */
  databaseTime(): Promise<Date>;
  /** Whether the database answers. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** The settings of the wires, which `compose` alone reads. */
type WireSetting = 'FLORIN_DATABASE_URL' | 'FLORIN_VAULT_URL' | `FLORIN_TLS_${string}`;

/** A connection carries one call at a time, and a provider that hangs keeps its own: the others must find some left. */
const vaultConnections = 1_024;

/** What leads out of the process. */
export interface Wires {
  connections: Pick<Connections, 'db' | 'sql' | 'mover'>;
  vault: VaultClient;
  /** Where settlement files come from, by provider. */
  reports?: ReadonlyMap<string, ReportSource>;
}

/**
 * Composes the rooms over one set of pools and one agent to the vault. Connections are opened by the first question.
 */
export function compose(told: Told, seams: Seams): Composition {
  if (told.FLORIN_MODE === 'live') requireFitForMoney(told);
  const url = told.FLORIN_DATABASE_URL.reveal();
  const connections = openDatabase({ url, application: `florin ${seams.service}` });
  const agent = workloadAgent(identityFiles(told), { to: 'vault', connections: vaultConnections });
  const vault = makeVaultClient({ url: told.FLORIN_VAULT_URL, agent, clock: seams.clock });
  const sources = [...(seams.settlements ?? [])].map(([name, one]) => [name, sourceOver(one, seams.clock)] as const);
  const { close, ...rooms } = assemble(told, seams, { connections, vault, reports: new Map(sources) });
  return {
    ...rooms,
    async close() {
      await close();
      await Promise.all([agent.close(), connections.close()]);
    },
  };
}

/** The same over wires that somebody else holds: closing it leaves them open. */
export function assemble(
  told: Omit<Told, WireSetting>,
  seams: Seams,
  { connections, vault, reports }: Wires,
): Composition {
  const { service, clock, random, log, channels, warehouses = new Map(), settlements, failpoint } = seams;
  const { db, sql, mover } = connections;
  const ids = uuidv7({ now: clock.now, random });
  const transact = makeTransact(sql, { clock, failpoint });
  const providers = makeProviders({ vault, clock, random, log, settings: told.FLORIN_PROVIDERS });
  const payments = makePayments({
    sql,
    mover,
    clock,
    ids,
    vault,
    providers,
    log,
    offers: told.FLORIN_PROVIDERS,
    escalateAfter: told.FLORIN_ESCALATE_AFTER * 1_000,
    ...(failpoint && { failpoint }),
  });
  const keys = makeKeys({ sql, transact, clock });
  const checkout = makeCheckout({
    db,
    keys,
    payments,
    vault,
    clock,
    ids,
    log,
    transact,
    merchantName: async (merchantId) => (await readMerchant(db, merchantId)).name,
    sealKey: told.FLORIN_CART_SEAL_KEY satisfies Secret<Buffer>,
    webUrl: told.FLORIN_WEB_URL,
    mode: told.FLORIN_MODE,
  });
  const alerts = makeAlerts({ sql, transact, clock, ids, random, log, ...(channels && { channels }) });
  const orders = makeOrders({ sql, transact, payments, keys, alerts, warehouses, clock, random, log });
  const books = { sql, transact, clock, ids, log, payments, alerts };
  const reconciliation = makeReconciliation({
    ...books,
    ...(settlements && { settlements }),
    ...(reports && { reports }),
  });
  const stopLooking = lookOut({ service, providers, alerts, clock, log });
  return {
    db,
    sql,
    ids,
    clock,
    log,
    alerts,
    bus: busOf({ sql, transact, clock, log }),
    consumers: makeConsumers({ clock, ids, orders }),
    vault,
    providers,
    payments,
    checkout,
    orders,
    reconciliation,
    webhooks: makeProcessor({ transact, clock, log, payments }),
    transact,
    mode: told.FLORIN_MODE,
    keys,
    databaseTime: () => readTime(sql),
    ready: async () => (await sql`SELECT 1`).length === 1,
    close: async () => stopLooking(),
  };
}
