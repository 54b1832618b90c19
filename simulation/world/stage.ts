import { openDatabase, openPools, openSql, type Pools, type RawSql } from '#db/client.ts';
import { startCluster } from '#db/testing/cluster.ts';
import { testDatabase } from '#db/testing/database.ts';
import { addApiKey } from '#server/auth/api-keys.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { type Ids, uuidv7 } from '#server/kernel/id.ts';
import { addRule as addRiskRule } from '#server/risk/rules.ts';
import { addRule as addRoutingRule } from '#server/routing/rules.ts';
import { makeDice } from '../engine/dice.ts';
import { reviewAbove } from '../plans/payments.ts';
import type { Merchant } from './world.ts';

/** A PostgreSQL of our own, since whatever else runs on it would show in what the log's readers may see. */
export interface Stage {
  /** As a process's role; shared by its lives, one after the other. */
  pools: Record<'api' | 'worker', Pools>;
  /** As the superuser: for the judge, and for what no process may do. */
  sql: RawSql;
  /** Empties every table and opens two merchants' accounts. */
  clear(merchants: readonly Merchant[], at: Date): Promise<void>;
  /** Resolves once a statement of the processes waits for a lock. */
  blocked(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A transaction that is held open waits for virtual time, which has nothing to do with a server's patience. */
const settings = { idle_in_transaction_session_timeout: 0 };

/** Milliseconds of real time between two looks. */
const lookEvery = 3;

export async function openStage(): Promise<Stage> {
  const cluster = await startCluster();
  const database = await testDatabase('florin', cluster.adminUrl);
  const owner = openSql(database.url('owner'), { application: 'simulation', max: 2 });
  // A plan that changes after the fifth time would make the first run of a seed unlike its second.
  const name = new URL(database.url('owner')).pathname.slice(1);
  await owner.unsafe(`ALTER DATABASE ${name} SET plan_cache_mode = force_generic_plan`);
  const { db, ...desk } = openDatabase({ url: database.url('owner'), application: 'accounts' });
  const pools = {
    api: openPools({ url: database.url('api'), application: 'simulated api', settings }),
    worker: openPools({ url: database.url('worker'), application: 'simulated worker', settings }),
  };
  const tables = await owner<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT LIKE '\\_\\_%'`;
  // To empty what is empty costs as much as any other.
  const filled = tables.map(({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM ${name})`);
  return {
    pools,
    sql: owner,
    async clear(merchants, at) {
      await owner.begin(async (tx) => {
        await tx`SET LOCAL session_replication_role = replica`;
        const names = await tx.unsafe<{ name: string }[]>(filled.join(' UNION ALL '));
        if (names.length > 0) await tx.unsafe(`TRUNCATE ${names.map(({ name }) => name).join(', ')} CASCADE`);
      });
      const clock = { ...systemClock, now: () => at };
      const ids = uuidv7({ now: clock.now, random: makeDice(0).bytes('accounts') });
      for (const [n, { id, key }] of merchants.entries()) {
        await addMerchant(db, { clock }, { id, name: `Merchant ${n}`, currency: 'EUR' });
        await addApiKey(db, { clock, ids }, { merchantId: id, text: key });
        await addRules(owner, { clock, ids }, id);
      }
    },
    async blocked(signal) {
      while (!signal.aborted) {
        const rows = await owner`
          SELECT 1 FROM pg_stat_activity
          WHERE application_name LIKE 'simulated%' AND cardinality(pg_blocking_pids(pid)) > 0 LIMIT 1`;
        if (rows.length > 0) return;
        await new Promise((resolve) => setTimeout(resolve, lookEvery));
      }
      return new Promise(() => {});
    },
    async close() {
      const all = [...Object.values(pools.api), ...Object.values(pools.worker), owner];
      await Promise.all([desk.close(), ...all.map((pool) => pool.end({ timeout: 5 }))]);
      await cluster.stop();
    },
  };
}

/** Both acquirers have their share of the payments, and a person looks at the large ones. */
async function addRules(sql: RawSql, seams: { clock: Clock; ids: Ids }, merchantId: string): Promise<void> {
  const limits = Object.fromEntries(['EUR', 'USD', 'JPY'].map((currency) => [currency, BigInt(reviewAbove)]));
  await addRiskRule(sql, seams, { merchantId, rule: { kind: 'amount', limits, weight: 70 } });
  const choice = { by: 'share', shares: { alder: 2, birch: 1 } } as const;
  await addRoutingRule(sql, seams, { merchantId, rule: { position: 1, conditions: {}, choice } });
}
