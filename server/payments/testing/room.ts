import { openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import type { Failpoint } from '#db/transaction.ts';
import type { Caller } from '#server/auth/caller.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { Capabilities, Order, Providers, Send } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { makePayments } from '../make.ts';

/** A clock that stands still until it is moved. Waiting moves it. */
export function heldClock(
  start = new Date('2026-03-01T12:00:00Z'),
): Clock & Record<'forward' | 'leap', (ms: number) => void> {
  let now = start.getTime();
  let leapt: Date | undefined;
  return {
    leaptAt: () => leapt,
    /** It is set forward, and nothing has passed. */
    leap(ms) {
      now += ms;
      leapt = new Date(now);
    },
    now: () => new Date(now),
    async sleep(ms) {
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    after(ms, fn) {
      // Real time: by this clock a transaction on a real database loses patience, too.
      const timer = setTimeout(fn, ms);
      return () => clearTimeout(timer);
    },
    idle: (fn) => void setImmediate(fn),
    forward(ms) {
      now += ms;
    },
  };
}

export const capabilities: Capabilities = {
  keyLifetime: 86_400_000,
  maxInFlight: 60_000,
  inquiryLag: 1_000,
  tombstone: false,
  cancelsChallenges: false,
  partialCapture: true,
  partialRefund: true,
  authorizationLifetime: 7 * 86_400_000,
};

/** Longer than a request of ours may be under way and the provider's view may lag, with our clocks apart. */
export const sure = 12_000 + capabilities.maxInFlight + capabilities.inquiryLag + 5_000;

/** The provider's end of the wire, as a test says it: what is answered to a send, and to an inquiry. */
export interface Script {
  send(order: Order, send: Send, provider: string): Promise<Outcome> | Outcome;
  inquire(order: Order, provider: string): Promise<Outcome> | Outcome;
  /** Providers that leave tombstones, that can cancel a challenge alone, and that take no charges just now. */
  tombstone: string[];
  cancels: string[];
  stopped: string[];
}

const exchange = { milliseconds: 1 };
export const accepted = (order: Order): Outcome => ({
  kind: 'accepted',
  providerRef: `${order.kind}_${order.operation}`,
  amount: order.amount,
  currency: order.currency,
  exchange,
});
export const refused: Outcome = {
  kind: 'refused',
  code: 'insufficient_funds',
  providerCode: null,
  message: 'no',
  retryable: false,
  exchange,
};
export const silence: Outcome = { kind: 'unknown', why: 'timeout', exchange };
export const absent: Outcome = { kind: 'absent', exchange };
export const notTaken: Outcome = { kind: 'not_taken', why: 'unavailable', exchange };

/** The room on a real database, with the wire's other end in the test's hand. */
export async function paymentsOnDatabase(names = ['alder']) {
  const database = await testDatabase();
  const connections = openDatabase({ url: database.url('web'), application: 'test' });
  const owner = openDatabase({ url: database.url('owner'), application: 'test' });
  const clock = heldClock();
  // Operations are listed by their ids, which within one millisecond are in no order; and this clock stands still.
  let made = 0;
  const ids = uuidv7({ now: () => new Date(clock.now().getTime() + made++), random: systemRandom });
  const script: Script = { send: accepted, inquire: accepted, tombstone: [], cancels: [], stopped: [] };
  const providers: Providers = {
    names: () => names,
    capabilities(name) {
      const tombstone = script.tombstone.includes(name);
      return { ...capabilities, tombstone, cancelsChallenges: tombstone || script.cancels.includes(name) };
    },
    health: () =>
      names.map((name) => ({ name, charges: script.stopped.includes(name) ? 'open' : 'closed', successRate: null })),
    readWebhook: () => ({ kind: 'rejected', fault: 'malformed' }),
    request: (_, { kind }) => ({ method: 'POST', path: `/${kind}` }),
    send: async (provider, order, send) => script.send(order, send, provider),
    inquire: async (provider, order) => script.inquire(order, provider),
  };
  const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2031, fingerprint: 'fp_1' };
  const log = makeLog('test', { write: () => {} });
  const vault = { describe: async () => card };
  const { sql, mover } = connections;
  const make = (failpoint?: Failpoint) =>
    makePayments({ sql, mover, clock, ids, vault, providers, log, ...(failpoint && { failpoint }) });
  const payments = make();
  const people = new Map<string, string>();
  const caller: Caller = { kind: 'merchant_key', merchantId: ids(), keyId: ids(), mode: 'test' };
  return {
    payments,
    /** The same room in another process, as far as anybody can tell: the two meet in the database alone. */
    beside: make,
    caller,
    clock,
    script,
    /** The provider does again what it is asked. */
    wellAgain: () =>
      Object.assign(script, { send: accepted, inquire: accepted, tombstone: [], cancels: [], stopped: [] }),
    /** One of the merchant's people, the same for the same name. */
    staff(name: string): Extract<Caller, { kind: 'staff' }> {
      const staffId = people.get(name) ?? ids();
      people.set(name, staffId);
      return { kind: 'staff', merchantId: caller.merchantId, staffId, name, role: 'owner' };
    },
    ids,
    sql,
    mover,
    /** The database, signed in as a process's role. */
    url: database.url,
    /** The owner of the tables: for what no process may do. */
    owner: owner.sql,
    /** As if it had just been sent once more, without anybody hearing of it. */
    resent: (operation: string) =>
      owner.sql`UPDATE operations SET sends = sends + 1, sent_at = ${clock.now()}, send_before = ${clock.now()} WHERE id = ${operation}`,
    /** An intent confirmed with the script as it stands. */
    async paid(captureMethod: 'automatic' | 'manual', amount = 10_000n) {
      const { id: intentId } = await payments.create(caller, { amount, currency: 'EUR', captureMethod });
      const { payment } = await payments.confirm(caller, { intentId, token: 'pm_1' });
      if (!payment) throw new Error('a confirmed intent has a payment');
      return payment;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([connections.close(), owner.close()]);
      await database.drop();
    },
  };
}
