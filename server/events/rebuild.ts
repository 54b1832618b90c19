import type { RawSql } from '#db/client.ts';
import { grantRights } from '#db/grants.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { makeBus } from './bus.ts';
import type { ReadModel } from './consumer.ts';

/** Where the tables stand while they are made. */
const site = 'rebuilding';
const atOnce = 500;

/**
 * Makes a read model's tables again from the beginning of the log, in a place of their own, and puts them where the old
 * ones were. Until then the old ones are read and kept as ever. One rebuild at a time.
 *
 * @param sql  The owner's: nobody else makes tables.
 * @returns    How many events it read.
 */
export async function rebuild(
  seams: { sql: RawSql; transact: Transact; clock: Clock },
  model: ReadModel,
): Promise<number> {
  const { transact, clock } = seams;
  const apart: ReadModel = {
    ...model,
    name: `${model.name} (${site})`,
    async effect(tx, events) {
      // What the model calls its tables are the new ones here.
      await tx`SELECT set_config('search_path', ${`${site}, public`}, true)`;
      await model.effect(tx, events);
    },
  };
  await transact('events.rebuild-begun', (tx) => layOut(tx, apart));
  const bus = makeBus(seams);
  let count = 0;
  for (let read = -1; read !== 0; count += read) {
    read = await bus.run(apart, atOnce);
  }
  await transact('events.rebuild-done', (tx) => putInPlace(tx, model, apart, clock.now()));
  return count;
}

/** Empty tables, and a cursor at the beginning. What an earlier attempt has left is cleared away. */
async function layOut(tx: RawSql, { name, tables }: ReadModel): Promise<void> {
  await tx`DELETE FROM event_cursors WHERE consumer = ${name}`;
  await tx`DELETE FROM parked_events WHERE consumer = ${name}`;
  await tx`DROP SCHEMA IF EXISTS ${tx(site)} CASCADE`;
  await tx`CREATE SCHEMA ${tx(site)}`;
  for (const table of tables) {
    await tx`CREATE TABLE ${tx(site)}.${tx(table)} (LIKE public.${tx(table)} INCLUDING ALL)`;
    await nameIndexes(tx, table);
  }
}

/** Gives the copied indexes the names of their originals, which migrations know them by. */
async function nameIndexes(tx: RawSql, table: string): Promise<void> {
  const pairs = await tx<{ made: string; original: string }[]>`
    SELECT made.indexname AS made, original.indexname AS original
    FROM pg_indexes made JOIN pg_indexes original ON original.schemaname = 'public' AND original.tablename = made.tablename
      AND substring(original.indexdef from ' USING .*') = substring(made.indexdef from ' USING .*')
    WHERE made.schemaname = ${site} AND made.tablename = ${table} AND made.indexname <> original.indexname`;
  for (const { made, original } of pairs) await tx`ALTER INDEX ${tx(site)}.${tx(made)} RENAME TO ${tx(original)}`;
}

/**
 * The consumer goes on from where the rebuild got to, on the new tables: nothing is missed and nothing counted twice.
 */
async function putInPlace(tx: RawSql, model: ReadModel, apart: ReadModel, now: Date): Promise<void> {
  const parked = await tx`SELECT 1 FROM parked_events WHERE consumer = ${apart.name} LIMIT 1`;
  invariant(parked.length === 0, `${model.name} cannot deal with some of the log; the old tables stay`);
  await tx`SELECT 1 FROM event_cursors WHERE consumer = ${model.name} FOR UPDATE`;
  await tx`
    INSERT INTO event_cursors AS c (consumer, epoch, tx, payment_id, seq, moved_at)
    SELECT ${model.name}, epoch, tx, payment_id, seq, ${now} FROM event_cursors WHERE consumer = ${apart.name}
    ON CONFLICT (consumer) DO UPDATE SET epoch = excluded.epoch, tx = excluded.tx, payment_id = excluded.payment_id,
      seq = excluded.seq, moved_at = excluded.moved_at`;
  await tx`DELETE FROM event_cursors WHERE consumer = ${apart.name}`;
  await tx`DELETE FROM parked_events WHERE consumer = ${model.name}`;
  for (const table of model.tables) {
    await tx`DROP TABLE public.${tx(table)}`;
    await tx`ALTER TABLE ${tx(site)}.${tx(table)} SET SCHEMA public`;
  }
  await grantRights(tx, model.tables);
  await tx`DROP SCHEMA ${tx(site)}`;
}
