import { makeTransact } from '#db/transaction.ts';
import type { Caller } from '#server/auth/caller.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { makeLog } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import { makeDice } from '../engine/dice.ts';
import { makeAcquirer } from './acquirer.ts';
import type { Entry } from './judge/evidence.ts';
import { card } from './process.ts';
import { type Stage, scribe } from './stage.ts';
import { idsOf, noon } from './time.ts';
import { capabilities, provider } from './wire.ts';

/** What a schedule begins with: a merchant of its own, its payments, and what the acquirer has done for them. */
export interface Fixture {
  caller: Extract<Caller, { kind: 'merchant_key' }>;
  payments: { id: string; intentId: string }[];
  journal: Entry[];
}

export interface Given {
  payments: number;
  state: 'authorized' | 'captured';
  amount: bigint;
}

const before = noon - 3_600_000;
const log = makeLog('races', { write: () => {} });

/** Stands still; batches are what the loop brings together. */
const clock: Clock = {
  now: () => new Date(before),
  sleep: async () => {},
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  idle: (fn) => void setImmediate(fn),
};

/** Prepares what many schedules begin with, all at once: one commit for fifty. */
export async function makeFixtures(
  stage: Stage,
  { name, given }: { name: string; given: Given },
  seeds: readonly number[],
): Promise<Fixture[]> {
  const dice = makeDice(seeds[0] ?? 0);
  const ids = idsOf(() => before, dice.bytes(`${seeds.length} fixtures of ${name}`));
  const acquirer = makeAcquirer();
  const payments = roomAside(stage, ids, acquirer);
  const pay = async (caller: Fixture['caller']) => {
    const captureMethod = given.state === 'captured' ? 'automatic' : 'manual';
    const intent = await payments.create(caller, { amount: given.amount, currency: 'EUR', captureMethod });
    const { payment } = await payments.confirm(caller, { intentId: intent.id, token: 'pm_1' });
    if (payment?.state !== given.state) throw new Error(`a fixture is ${payment?.state}`);
    return { id: payment.id, intentId: intent.id };
  };
  const made = await Promise.all(
    seeds.map(async () => {
      const caller = { kind: 'merchant_key', merchantId: ids(), keyId: ids(), mode: 'test' } as const;
      return { caller, payments: await Promise.all(Array.from({ length: given.payments }, () => pay(caller))) };
    }),
  );
  await catchUp(stage);
  const books = Map.groupBy(acquirer.journal, ({ payment }) => payment);
  return made.map((one) => ({ ...one, journal: one.payments.flatMap(({ id }) => books.get(id) ?? []) }));
}

function roomAside({ aside }: Stage, ids: () => string, acquirer: ReturnType<typeof makeAcquirer>) {
  const nothing = { kind: 'rejected', fault: 'malformed' } as const;
  return makePayments({
    ...aside,
    clock,
    ids,
    vault: { describe: async () => card },
    log,
    providers: {
      names: () => [provider],
      capabilities: () => capabilities,
      health: () => [{ name: provider, charges: 'closed', successRate: null }],
      readWebhook: () => nothing,
      request: (_, { kind }) => ({ method: 'POST', path: `/${kind}` }),
      send: async (_, order) => acquirer.hear(order),
      inquire: async (_, order) => acquirer.tell(order),
    },
  });
}

/** So that the consumer begins each schedule where it begins, and not with what was prepared for all of them. */
export async function catchUp({ owner }: Stage): Promise<void> {
  const bus = makeBus({ sql: owner, transact: makeTransact(owner), clock });
  while ((await bus.run(scribe, 1_000)) > 0);
}
