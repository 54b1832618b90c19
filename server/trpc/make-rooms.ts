import { openDatabase } from '#db/client.ts';
import { makeTransact } from '#db/transaction.ts';
import type { Mode } from '#server/auth/caller.ts';
import { readMerchant } from '#server/auth/merchants.ts';
import { makeCheckout } from '#server/checkout/make.ts';
import { recall, remember } from '#server/idempotency/keys.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { key256, type Reader, readEnv, secretText, secretUrl, url } from '#server/kernel/env.ts';
import { showId, uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import { makeProviders } from '#server/providers/providers.ts';
import { readProviders } from '#server/providers/settings.ts';
import { makeVaultClient } from '#server/vault-client/vault-client.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { identityFiles, identitySettings } from '#server/workload/identity.ts';
import type { Rooms } from './rooms.ts';
import { makeStaff } from './staff.ts';

const readMode: Reader<Mode> = (text) => {
  if (text !== 'test' && text !== 'live') throw new Error('it must be test or live');
  return text;
};

/** What the web process is told by its environment. */
const settings = {
  ...identitySettings,
  FLORIN_MODE: { read: readMode, purpose: 'test or live: whether money is real' },
  FLORIN_DATABASE_URL: { read: secretUrl, purpose: "PostgreSQL, signed in as this process's role" },
  FLORIN_WEB_URL: { read: url, purpose: 'where browsers find these pages' },
  FLORIN_VAULT_URL: { read: url, purpose: "the vault's internal door" },
  FLORIN_VAULT_PUBLIC_URL: { read: url, purpose: 'where browsers find the card frame' },
  FLORIN_PROVIDERS: { read: readProviders, purpose: 'the providers to send to' },
  FLORIN_CART_SEAL_KEY: { read: key256, purpose: '32 bytes in base64 that checkout sessions are sealed with' },
  NEXTAUTH_URL: { read: url, purpose: 'where browsers find these pages, for signing in' },
  NEXTAUTH_SECRET: { read: secretText, purpose: 'the secret that sign-in cookies are encrypted with' },
};

/**
 * Composes the web process's rooms. Connections are opened by the first question, not here.
 *
 * @throws BadSettings with a sentence for each missing or malformed setting.
 */
export function makeRooms(environment: NodeJS.ProcessEnv): Rooms & { close(): Promise<void> } {
  const env = readEnv(settings, environment);
  const connections = openDatabase({ url: env.FLORIN_DATABASE_URL.reveal(), application: 'florin web' });
  const [clock, random, log, mode] = [systemClock, systemRandom, makeLog('web'), env.FLORIN_MODE];
  const ids = uuidv7({ now: clock.now, random });
  const agent = workloadAgent(identityFiles(env), { to: 'vault' });
  const vault = makeVaultClient({ url: env.FLORIN_VAULT_URL, agent });
  const providers = makeProviders({ vault, clock, settings: env.FLORIN_PROVIDERS });
  const { db, sql, mover } = connections;
  const payments = makePayments({ sql, mover, clock, ids, vault, providers, log });
  const checkout = makeCheckout({
    db,
    transact: makeTransact(sql),
    payments,
    vault,
    merchantName: async (merchantId) => (await readMerchant(db, merchantId)).name,
    clock,
    ids,
    log,
    sealKey: env.FLORIN_CART_SEAL_KEY,
    webUrl: env.FLORIN_WEB_URL,
    mode,
  });
  return {
    payments,
    checkout,
    staff: makeStaff(db, { clock, random, log }),
    keys: {
      recall: (claim) => recall(sql, claim, clock.now()),
      remember: (claim, answer) => remember(sql, claim, answer, clock.now()),
    },
    log,
    mode,
    webOrigin: new URL(env.FLORIN_WEB_URL).origin,
    providers: providers.names(),
    requestId: () => showId('request', ids()),
    ready: async () => (await sql`SELECT 1`).length === 1,
    close: async () => void (await Promise.all([agent.close(), connections.close()])),
  };
}
