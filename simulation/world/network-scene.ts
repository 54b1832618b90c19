import { uuidv7 } from '#server/kernel/id.ts';
import type { Log } from '#server/observability/log.ts';
import type { Order, Providers } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { makeProviders } from '#server/providers/providers.ts';
import { makeDice } from '../engine/dice.ts';
import type { Life } from '../engine/engine.ts';
import { makeScheduler, type Scheduler } from '../engine/scheduler.ts';
import type { FaultKind, Tally } from '../faults.ts';
import type { CardName, Plan, PlannedFault, ProviderName } from '../plan.ts';
import { makeNetwork } from './network.ts';
import { told } from './settings.ts';
import type { DeliverWebhook, Network } from './world.ts';

/** A network alone on the engine, asked by the real connectors. */
export interface Scene {
  engine: Scheduler;
  network: Network;
  life: Life;
  /** The connectors, as one life of a process has them. */
  providers(life: Life): Providers;
  /** An order of the nth payment. */
  order(n: number, kind: Order['kind'], fields?: Partial<Order>): Order;
  send(order: Order, how?: Sending): Promise<Outcome>;
  /** Lets things happen until the promise is settled, and as long as anything is under way. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Lets virtual time pass. */
  pass(ms: number): Promise<void>;
  webhooks: { provider: ProviderName; headers: Record<string, string>; body: string; at: number }[];
  trace: string[];
  tally: { injected: FaultKind[]; took: [FaultKind, number[]][] };
}

export interface Sending {
  at?: ProviderName;
  card?: CardName;
  send?: number;
  more?: boolean;
  /** Milliseconds from now. */
  within?: number;
  by?: Life;
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

export function setScene(faults: PlannedFault[] = [], deliver: DeliverWebhook = async () => 200): Scene {
  const { engine, tally, trace } = makeEngine();
  const webhooks: Scene['webhooks'] = [];
  const plan: Pick<Plan, 'payments' | 'faults'> = { payments: [], faults };
  const network = makeNetwork({
    engine,
    plan,
    async deliver(provider, webhook, name) {
      webhooks.push({ provider, ...webhook, at: engine.elapsed() });
      return deliver(provider, webhook, name);
    },
  });
  const life = engine.begin('api-1');
  const ids = uuidv7({ now: life.clock.now, random: engine.dice.bytes('ids') });
  const payments = new Map<number, Pick<Order, 'payment' | 'merchantId' | 'intentId' | 'reference'>>();
  const providers = new Map<Life, Providers>();
  const of = (one: Life) => {
    const known = providers.get(one) ?? connectors(engine, network, one);
    providers.set(one, known);
    return known;
  };

  async function until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const end = () => {
      settled = true;
    };
    promise.then(end, end);
    await engine.run(() => settled, engine.elapsed() + 3_600_000);
    return promise;
  }

  return {
    engine,
    network,
    life,
    providers: of,
    webhooks,
    trace,
    tally,
    until,
    pass: (ms) => until(new Promise((resolve) => void engine.after(ms, resolve))),
    order(n, kind, fields = {}) {
      const whose = payments.get(n) ?? { payment: ids(), merchantId: ids(), intentId: ids(), reference: `ch_${n}` };
      payments.set(n, whose);
      return { operation: ids(), step: 1, ...whose, kind, amount: 1250n, currency: 'EUR', ...fields };
    },
    send(order, { at = 'alder', card = 'good', send = 1, more = false, within = 10_000, by = life } = {}) {
      const n = [...payments].find(([, { payment }]) => payment === order.payment)?.[0] ?? 0;
      const request = of(by).request(at, order);
      const sendBefore = new Date(by.clock.now().getTime() + within);
      const token = order.kind === 'authorize' && { token: network.token(n, card) };
      return of(by).send(at, order, { request, send, sendBefore, more, ...token });
    },
  };
}

function makeEngine(): Pick<Scene, 'engine' | 'tally' | 'trace'> {
  const tally: Scene['tally'] = { injected: [], took: [] };
  const engine = makeScheduler({
    dice: makeDice(7),
    tally: {
      ...noTally,
      injected: (kind) => tally.injected.push(kind),
      took: (kind, on) => tally.took.push([kind, [...on]]),
    },
    start: new Date('2026-11-21T09:00:00Z'),
    blocked: () => new Promise(() => {}),
  });
  const trace: string[] = [];
  engine.listen((line) => trace.push(line.trimEnd()));
  return { engine, tally, trace };
}

const noTally: Tally = {
  injected: () => {},
  took: () => {},
  met: () => new Map(),
  counts: () => ({}) as ReturnType<Tally['counts']>,
};

function connectors(engine: Scheduler, network: Network, life: Life): Providers {
  return makeProviders({
    vault: network.vault(life),
    clock: life.clock,
    random: engine.dice.bytes(`connectors of ${life.name}`),
    log: quiet,
    settings: told.FLORIN_PROVIDERS,
  });
}
