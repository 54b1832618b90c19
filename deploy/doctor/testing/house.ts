import { openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import type { Caller } from '#server/auth/caller.ts';
import { startWarehouse } from '#server/checkout/testing/warehouse.ts';
import { assemble } from '#server/composition/rooms.ts';
import { catchUp } from '#server/events/testing/catch-up.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, sha256, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { readProviders } from '#server/providers/settings.ts';
import { directVault } from '#server/providers/testing/direct-vault.ts';
import { startSandboxProcess } from '#server/providers/testing/sandbox-process.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import type { JournalLine } from '#simulation/judge/evidence.ts';

const clock = systemClock;
const names = ['alder', 'birch'] as const;
const told = {
  FLORIN_MODE: 'test' as const,
  FLORIN_WEB_URL: 'http://localhost:3000',
  FLORIN_ESCALATE_AFTER: 600,
  FLORIN_CART_SEAL_KEY: new Secret(Buffer.alloc(32, 1)),
  FLORIN_PROVIDERS: readProviders(
    JSON.stringify(names.map((name) => ({ name, kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 }))),
  ),
};

/** The published test card that is approved. */
const good = '4242424242424242';

export type House = Awaited<ReturnType<typeof openHouse>>;

/**
 * The rooms over a real database, as web and worker have them, two real acquirers and a warehouse. The vault alone is a
 * double, to whom a card's number is its token.
 */
export async function openHouse() {
  const database = await testDatabase();
  const [warehouse, ...acquirers] = await Promise.all([
    startWarehouse(),
    ...names.map((name) => startSandboxProcess(name)),
  ]);
  const vault = doubleOf(new Map(acquirers.map((one) => [one.name as string, directVault(one).vault])));
  const log = makeLog('test', { write: () => {} });
  const open = (role: 'web' | 'api' | 'worker' | 'owner') =>
    openDatabase({ url: database.url(role), application: 'doctor test' });
  const [onWeb, onApi, onWorker, owner] = [open('web'), open('api'), open('worker'), open('owner')];
  const seams = { clock, random: systemRandom, log };
  const web = assemble(told, { ...seams, service: 'web' }, { connections: onWeb, vault });
  const api = assemble(told, { ...seams, service: 'api' }, { connections: onApi, vault });
  const merchantId = web.ids();
  const caller: Caller = { kind: 'merchant_key', merchantId, keyId: web.ids(), mode: 'test' };
  const warehouses = new Map([[merchantId, warehouse.port]]);
  const worker = assemble(told, { ...seams, service: 'worker', warehouses }, { connections: onWorker, vault });
  let carts = 0;
  return {
    caller,
    clock,
    ids: web.ids,
    payments: web.payments,
    warehouse,
    acquirers,
    /** As the owner of the tables, whom no grant binds. */
    sql: owner.sql,
    url: database.url,
    async paid(captureMethod: 'automatic' | 'manual', amount: bigint, card = good) {
      const { id: intentId } = await web.payments.create(caller, { amount, currency: 'EUR', captureMethod });
      const { payment } = await web.payments.confirm(caller, { intentId, token: card });
      if (!payment) throw new Error('a confirmed intent has a payment');
      return payment;
    },
    /** A cart that was paid in the hosted checkout. */
    async bought() {
      carts += 1;
      const session = await api.checkout.createSession(caller, {
        currency: 'EUR',
        lineItems: [{ name: 'Enamel mug', unitAmount: 1_250n, quantity: 2 }],
        successUrl: 'https://shop.example/thanks',
        claim: { merchantId, key: `cart ${carts}`, fingerprint: sha256(String(carts)) },
      });
      const shopper = await web.checkout.bySecret(session.url?.split('/checkout/')[1] ?? '');
      const attempt = `press-of-the-button-${String(carts).padStart(4, '0')}`;
      await web.checkout.confirm(shopper, { token: good, attempt, email: 'ada@example.com' });
    },
    /** What the worker does, until nothing is left to do. */
    async settle() {
      for (let round = 0; round < 4; round++) {
        for (const consumer of worker.consumers) await catchUp(worker.bus, consumer);
        await worker.orders.fulfil(20);
        await worker.orders.compensate(20);
      }
    },
    async books(): Promise<Map<string, JournalLine[]>> {
      return new Map(await Promise.all(acquirers.map(async (one) => [one.name, await one.books()] as const)));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([web.close(), api.close(), worker.close()]);
      await Promise.all([onWeb, onApi, onWorker, owner].map((one) => one.close()));
      await Promise.all([warehouse[Symbol.asyncDispose](), ...acquirers.map((one) => one.stop())]);
      await database.drop();
    },
  };
}

/** Cards are described by their numbers, and requests sent straight to their acquirer. */
function doubleOf(wires: ReadonlyMap<string, Pick<VaultClient, 'send'>>): VaultClient {
  return {
    grantFrame: async () => ({ grant: '', expiresAt: clock.now() }),
    describe: async (number) => ({
      brand: 'visa',
      last4: number.slice(-4),
      expMonth: 12,
      expYear: 2034,
      fingerprint: `fp_${number}`,
    }),
    testToken: async (number) => number,
    send: async (parcel) =>
      wires.get(parcel.provider)?.send(parcel) ?? { kind: 'silent', why: 'unknown', milliseconds: 0 },
  };
}
