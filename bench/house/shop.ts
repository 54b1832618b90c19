import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '#server/api/endpoint.ts';
import { checkoutSessionEndpoints } from '#server/api/routes/checkout-sessions.ts';
import type { Checkout } from '#server/checkout/checkout.ts';
import type { Warehouse } from '#server/checkout/warehouse.ts';
import type { Composition } from '#server/composition/rooms.ts';
import type { Keys } from '#server/idempotency/once.ts';
import { every } from '#server/jobs/every.ts';
import { jobsOf } from '#server/jobs/jobs.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { showId } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import type { Bench } from '../case.ts';
import { asAdmin, type CaseDatabase } from './databases.ts';
import { addMerchants, ids, type Merchant } from './merchants.ts';
import { openRooms } from './rooms.ts';
import { type InstantVault, makeInstantVault } from './vault.ts';

/** A shop with a hosted checkout: API, pages and worker as three compositions in this process, and a warehouse. */
export interface Shop {
  database: CaseDatabase;
  /** One order from its session to its payment, each request sent so often, all at once. */
  order(sends: 1 | 2): Promise<void>;
  /** Resolves when so many orders are fulfilled. @throws Error where none was for ten seconds. */
  fulfilled(count: number): Promise<void>;
  /** What the warehouse has sent, by its own account. */
  shipments(): number;
  /** New connections, and so new plans. */
  reopen(): Promise<void>;
  /** Safe to call twice. */
  stop(): Promise<void>;
}

/** What the saga needs of a worker. Lists, figures and alerts are other cases'. */
const works = ['consume orders', 'fulfil orders'];

export async function openShop({ databases }: Pick<Bench, 'databases'>): Promise<Shop> {
  const database = await databases.make();
  const merchants = await addMerchants(database.url('owner'), 100);
  const vault = makeInstantVault({ clock: systemClock, random: systemRandom });
  const warehouse = makeWarehouse();
  const warehouses = new Map(merchants.map(({ id }) => [id, warehouse.port]));
  const open = () => openHouse(database, { vault, warehouses });
  let house: Opened | undefined = open();
  let turn = 0;
  const stop = async () => {
    const closing = house;
    house = undefined;
    await closing?.close();
  };
  return {
    database,
    shipments: warehouse.sent,
    stop,
    async order(sends) {
      if (!house) throw new Error('the shop is closed');
      turn += 1;
      await order(house, { vault, merchant: merchants[turn % merchants.length] ?? merchants[0], sends });
    },
    fulfilled: (count) => untilFulfilled(database, { count, sent: warehouse.sent }),
    async reopen() {
      await stop();
      await asAdmin(database.url('owner'), async (sql) => void (await sql`ANALYZE`));
      house = open();
    },
  };
}

interface Opened {
  sessions: Endpoint;
  keys: Keys;
  pages: Checkout;
  close(): Promise<void>;
}

interface Wires {
  vault: InstantVault;
  warehouses: ReadonlyMap<string, Warehouse>;
}

function openHouse(database: CaseDatabase, wires: Wires): Opened {
  const api = openRooms({ url: database.url('api'), service: 'api', ...wires });
  const web = openRooms({ url: database.url('web'), service: 'web', ...wires });
  const worker = openRooms({ url: database.url('worker'), service: 'worker', ...wires });
  const working = work(worker);
  const [sessions] = checkoutSessionEndpoints(api);
  if (!sessions) throw new Error('the API makes checkout sessions');
  return {
    sessions,
    keys: api.keys,
    pages: web.checkout,
    async close() {
      await working.stop();
      await Promise.all([api.close(), web.close(), worker.close()]);
    },
  };
}

function work(worker: Composition) {
  const stopping = new AbortController();
  const { log } = worker;
  const jobs = jobsOf(worker).filter(({ name }) => works.includes(name));
  if (jobs.length < works.length) throw new Error(`a worker has the jobs ${works.join(', ')}`);
  const all = jobs.map((job) => every(job, { clock: systemClock, log, signal: stopping.signal }));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(all);
    },
  };
}

interface Ordering {
  vault: InstantVault;
  merchant: Merchant;
  sends: 1 | 2;
}

/** The merchant's request, then the shopper's: the page, the card's frame, the button. */
async function order({ sessions, keys, pages }: Opened, { vault, merchant, sends }: Ordering): Promise<void> {
  const path = '/v1/checkout/sessions';
  const sent = {
    success_url: 'https://shop.example/thanks',
    line_items: [
      { quantity: '1', price_data: { currency: 'eur', unit_amount: '1250', product_data: { name: 'Enamel mug' } } },
    ],
    mode: 'payment',
  };
  const key = ids();
  const ask = () => {
    const request = showId('request', ids());
    return sessions.answer({ caller: merchant.caller, request, path, id: undefined, key, sent }, keys);
  };
  const { body } = await oneOf(sends, ask);
  const url = String((JSON.parse(body) as { url: unknown }).url);
  const shopper = await pages.bySecret(url.split('/checkout/')[1] ?? '');
  const { grant } = await pages.grant(shopper);
  const press = { token: vault.takeCard(grant), attempt: ids(), email: 'ada@example.com' };
  const standing = await oneOf(sends, () => pages.confirm(shopper, press));
  if (standing.kind !== 'paid' && sends === 1) throw new Error(`an order that was paid for is ${standing.kind}`);
}

/** The first good answer of several; who comes second may hear that the first is still at work. */
async function oneOf<T>(sends: 1 | 2, ask: () => Promise<T>): Promise<T> {
  if (sends === 1) return ask();
  const told = await Promise.allSettled([ask(), ask()]);
  const refused = told.find(
    (one) =>
      one.status === 'rejected' && !(one.reason instanceof Refusal && one.reason.code === 'idempotency_in_flight'),
  );
  if (refused?.status === 'rejected') throw refused.reason;
  const good = told.find((one) => one.status === 'fulfilled');
  if (!good) throw new Error('both of two equal requests were told that the other is at work');
  return good.value;
}

function makeWarehouse() {
  const keys = new Set<string>();
  let sent = 0;
  const port: Warehouse = {
    async ship(_, key) {
      if (!keys.has(key)) sent += 1;
      keys.add(key);
      return { kind: 'shipped' };
    },
    ask: async (key) => ({ kind: keys.has(key) ? 'shipped' : 'absent' }),
  };
  return { port, sent: () => sent };
}

/** The database is asked once the warehouse has sent them all: to count them again and again costs as it grows. */
async function untilFulfilled(
  database: CaseDatabase,
  { count, sent }: { count: number; sent: () => number },
): Promise<void> {
  await asAdmin(database.url('owner'), async (sql) => {
    const shipped = async () =>
      (await sql<{ n: number }[]>`SELECT count(*)::int AS n FROM fulfilments WHERE status = 'shipped'`)[0]?.n ?? 0;
    let [seen, since] = [0, Date.now()];
    for (;;) {
      const now = sent() < count ? Math.min(sent(), count - 1) : await shipped();
      if (now >= count) return;
      if (now > seen) [seen, since] = [now, Date.now()];
      if (Date.now() - since > 10_000) throw new Error(`${count} orders should be fulfilled, and only ${now} are`);
      await sleep(5);
    }
  });
}
