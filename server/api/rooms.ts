import { openDatabase } from '#db/client.ts';
import { makeTransact } from '#db/transaction.ts';
import { callerOfKey } from '#server/auth/api-keys.ts';
import { readMerchant } from '#server/auth/merchants.ts';
import { makeCheckout } from '#server/checkout/make.ts';
import { recall, remember } from '#server/idempotency/keys.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import { makeProviders } from '#server/providers/providers.ts';
import { makeVaultClient } from '#server/vault-client/vault-client.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import type { Rooms } from './server.ts';
import type { Settings } from './settings.ts';

/** What the machine gives: a test may hand in its own clock. */
export interface Seams {
  clock: Clock;
  random: Random;
  log: Log;
}

/** Makes the rooms of this process, over one set of pools and one agent to the vault. */
export function makeRooms(settings: Settings, { clock, random, log }: Seams): Rooms & { close(): Promise<void> } {
  const { db, sql, mover, close } = openDatabase({ url: settings.databaseUrl.reveal(), application: 'florin api' });
  const agent = workloadAgent(settings.identity, { to: 'vault' });
  const vault = makeVaultClient({ url: settings.vaultUrl, agent });
  const ids = uuidv7({ now: clock.now, random });
  const providers = makeProviders({ vault, clock, settings: settings.providers });
  const payments = makePayments({ sql, mover, clock, ids, vault, providers, log });
  const { mode, sealKey, webUrl } = settings;
  const merchantName = async (merchantId: string) => (await readMerchant(db, merchantId)).name;
  const transact = makeTransact(sql);
  const checkout = makeCheckout({
    db,
    transact,
    payments,
    vault,
    merchantName,
    clock,
    ids,
    log,
    sealKey,
    webUrl,
    mode,
  });
  return {
    payments,
    checkout,
    vault,
    ids,
    clock,
    mode,
    log,
    keys: {
      recall: (claim) => recall(sql, claim, clock.now()),
      remember: (claim, answer) => remember(sql, claim, answer, clock.now()),
    },
    callerOfKey: (text) => callerOfKey(db, text),
    ready: async () => (await sql`SELECT 1`).length === 1,
    async close() {
      await Promise.all([agent.close(), close()]);
    },
  };
}
