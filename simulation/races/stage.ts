import type { RawSql } from '#db/client.ts';
import { openDatabase, openSql } from '#db/client.ts';
import { startCluster } from '#db/testing/cluster.ts';
import { testDatabase } from '#db/testing/database.ts';
import type { Consumer } from '#server/events/consumer.ts';
import { type Backend, openBackend } from './backend.ts';
import { type Locks, makeLocks } from './locks.ts';
import type { Connected } from './process.ts';

/** A database on a cluster where nobody else works, and the connections of the processes that meet on it. */
export interface Stage {
  /** The owner of the tables: what the judge reads with, and what is prepared by. */
  owner: RawSql;
  /** Pools of a process that waits for nobody's turn, to prepare with. */
  aside: { sql: RawSql; mover: RawSql };
  api: readonly Connected[];
  workers: readonly Connected[];
  locks: Locks;
  close(): Promise<void>;
}

/** Runs PostgreSQL for this process alone: a transaction of anybody else's would hold up the log. */
export async function openCluster(): Promise<{ stop(): Promise<void> }> {
  const cluster = await startCluster();
  process.env.FLORIN_TEST_ADMIN_URL = cluster.adminUrl;
  return { stop: () => cluster.stop() };
}

/** A new, migrated database. */
export async function openStage(): Promise<Stage> {
  const database = await testDatabase();
  await prepare(database.url('owner'));
  const owner = openSql(database.url('owner'), { application: 'races owner', max: 4 });
  const api = await Promise.all([1, 2, 3].map((n) => connect(database.url('api'), `api ${n}`)));
  const workers = await Promise.all([1, 2].map((n) => connect(database.url('worker'), `worker ${n}`)));
  const monitor = openSql(database.url('owner'), { application: 'races monitor', max: 1 });
  const aside = openDatabase({ url: database.url('web'), application: 'races' });
  const backends = [...api, ...workers].flatMap(({ own, mover }) => [own, mover]).flatMap(backendsOf);
  return {
    owner,
    aside,
    api,
    workers,
    locks: makeLocks(monitor, backends),
    async close() {
      await Promise.all([...backends.map(({ sql }) => sql), owner, monitor].map((sql) => sql.end({ timeout: 5 })));
      await aside.close();
      await database.drop();
    },
  };
}

function backendsOf({ reads, lanes }: Connected['own']): Backend[] {
  return [reads, ...lanes];
}

/** Plans that read a whole table cost the more the longer it gets, and large tables are never read so. */
const settings = [
  'enable_seqscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  "deadlock_timeout = '1ms'",
];

/**
 * A circle of waiting transactions is ended at once, and what consumers do is written down. Settings are those of
 * connections that are made later.
 */
async function prepare(url: string): Promise<void> {
  const owner = openSql(url, { application: 'races preparation', max: 1 });
  const name = new URL(url).pathname.slice(1);
  for (const setting of settings) await owner.unsafe(`ALTER DATABASE ${name} SET ${setting}`);
  await owner`CREATE TABLE seen (consumer text, merchant_id uuid, payment_id uuid, seq int, n serial)`;
  await owner`CREATE INDEX ON seen (merchant_id)`;
  await owner`GRANT INSERT ON seen TO florin_worker`;
  await owner`GRANT USAGE ON seen_n_seq TO florin_worker`;
  await owner.end();
}

async function connect(url: string, name: string): Promise<Connected> {
  const [reads, lane, moverReads, first, second] = await Promise.all([
    openBackend(url, name),
    openBackend(url, name),
    openBackend(url, `${name} mover`, 'florin_mover'),
    openBackend(url, `${name} mover`, 'florin_mover'),
    openBackend(url, `${name} mover`, 'florin_mover'),
  ]);
  return { name, own: { reads, lanes: [lane] }, mover: { reads: moverReads, lanes: [first, second] } };
}

/** Writes down every event that it is handed. */
export const scribe: Consumer = {
  name: 'scribe',
  async effect(tx, events) {
    const rows = events.map(({ merchantId, paymentId, seq }) => ({
      consumer: 'scribe',
      merchant_id: merchantId,
      payment_id: paymentId,
      seq,
    }));
    await tx`INSERT INTO seen ${tx(rows)}`;
  },
};
