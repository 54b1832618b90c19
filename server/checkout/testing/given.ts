import { type Connections, openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import type { Caller } from '#server/auth/caller.ts';
import { makeKeys } from '#server/idempotency/make.ts';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { Secret, sha256, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import type { Order, Providers } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { CreateSessionInput } from '../checkout.ts';
import { makeCheckout } from '../make.ts';

export const ids = uuidv7({ now: systemClock.now, random: systemRandom });
export const log = makeLog('test', { level: 'error', write: () => {} });

const exchange = { status: 200, milliseconds: 1 };

/** A provider at the end of the wire: says what it is told to say, in turn, and remembers what it was asked. */
export function scriptedProvider() {
  const asked: Order[] = [];
  const answers: ((order: Order) => Outcome | Promise<Outcome>)[] = [];
  const accept = (order: Order): Outcome => {
    const { amount, currency, operation } = order;
    return { kind: 'accepted', providerRef: `ref_${operation}`, amount, currency, exchange };
  };
  const port: Providers = {
    names: () => ['alder'],
    capabilities: () => ({
      keyLifetime: 86_400_000,
      maxInFlight: 60_000,
      inquiryLag: 5_000,
      tombstone: true,
      cancelsChallenges: true,
      partialCapture: true,
      partialRefund: true,
      authorizationLifetime: 604_800_000,
    }),
    health: () => [{ name: 'alder', charges: 'closed', successRate: null }],
    readWebhook: () => ({ kind: 'rejected', fault: 'malformed' }),
    request: (_provider, order) => ({ method: 'POST', path: `/${order.kind}` }),
    async send(_provider, order) {
      asked.push(order);
      return (answers.shift() ?? accept)(order);
    },
    inquire: async () => ({ kind: 'unknown', why: 'not asked in these tests', exchange }),
  };
  return {
    port,
    asked,
    accept,
    next: (answer: (order: Order) => Outcome | Promise<Outcome>) => answers.push(answer),
  };
}

export function decline(code: string): () => Outcome {
  return () => ({ kind: 'refused', code, providerCode: null, message: 'no', retryable: false, exchange });
}

export const silence = (): Outcome => ({ kind: 'unknown', why: 'timeout', exchange });

/**
 * The rooms over a real database, as the web process's role has it; what another process does, the room does under that
 * one's role. The clock can be moved on.
 */
export async function checkoutOnDatabase() {
  const database = await testDatabase();
  const [web, api, worker] = (['web', 'api', 'worker'] as const).map((role) =>
    openDatabase({ url: database.url(role), application: 'test' }),
  ) as [Connections, Connections, Connections];
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
  const provider = scriptedProvider();
  const vault = {
    describe: async (token: string) => ({
      brand: 'visa',
      last4: token.slice(-4),
      expMonth: 12,
      expYear: 2030,
      fingerprint: `fp_${token}`,
    }),
    grantFrame: async () => ({ grant: 'grant', expiresAt: new Date(clock.now().getTime() + 900_000) }),
  };
  const sealKey = new Secret(systemRandom(32));
  const paymentsOf = (connections: Connections, failpoint?: Failpoint) =>
    makePayments({ ...connections, clock, ids, vault, providers: provider.port, log, ...(failpoint && { failpoint }) });
  const keysOf = ({ sql }: Connections) => makeKeys({ sql, transact: makeTransact(sql), clock });
  const seamsOf = (connections: Connections) => ({
    db: connections.db,
    transact: makeTransact(connections.sql),
    keys: keysOf(connections),
    payments: paymentsOf(connections),
    vault,
    merchantName: async () => 'Harbour Goods',
    clock,
    ids,
    log,
    sealKey,
    webUrl: 'http://localhost:3000',
    mode: 'test' as const,
  });
  const seams = seamsOf(web);
  const { createSession, expire, session } = makeCheckout(seamsOf(api));
  const { sweep } = makeCheckout(seamsOf(worker));
  return {
    seams,
    checkout: { ...makeCheckout(seams), createSession, expire, session, sweep },
    payments: seams.payments,
    /** As the worker has them, which may be stopped or killed at named places. */
    paymentsOf: (failpoint: Failpoint) => paymentsOf(worker, failpoint),
    provider,
    clock,
    web,
    database,
    pass(milliseconds: number) {
      ahead += milliseconds;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([web, api, worker].map((connections) => connections.close()));
      await database.drop();
    },
  };
}

export type Given = Awaited<ReturnType<typeof checkoutOnDatabase>>;

export function merchant(): Caller & { kind: 'merchant_key' } {
  return { kind: 'merchant_key', merchantId: ids(), keyId: ids(), mode: 'test' };
}

export function cart(fields: Partial<CreateSessionInput> = {}): CreateSessionInput {
  return {
    currency: 'EUR',
    lineItems: [{ name: 'Enamel mug', unitAmount: 1250n, quantity: 1 }],
    successUrl: 'https://shop.example/thanks?session_id={CHECKOUT_SESSION_ID}',
    cancelUrl: 'https://shop.example/basket',
    clientReferenceId: 'HG-1',
    ...fields,
  };
}

/** A session of a new merchant, and the shopper who holds its URL. */
export async function openSession({ checkout }: Given, fields: Partial<CreateSessionInput> = {}) {
  const caller = merchant();
  const session = await checkout.createSession(caller, cart(fields));
  const shopper = await checkout.bySecret(secretIn(session.url));
  return { caller, session, shopper };
}

/** What stands in the URL behind `/checkout/`. */
export function secretIn(url: string | null): string {
  return url?.split('/checkout/')[1] ?? '';
}

let attempts = 0;
/** A press of the button with a card of its own. */
export function press(token = `pm_test_${String(attempts).padStart(4, '0')}`) {
  return { token, attempt: `attempt-number-${String(attempts++).padStart(6, '0')}`, email: 'ada@example.com' };
}

export function claimOf(caller: Caller, key: string, request = key) {
  return { merchantId: caller.merchantId, key, fingerprint: sha256(request) };
}
