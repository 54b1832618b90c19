import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawSql } from '#db/client.ts';
import { makeDice } from '../engine/dice.ts';
import { gate } from './gate.ts';
import { allBlocked } from './locks.ts';
import { Schedule } from './schedule.ts';
import { openStage, type Stage } from './stage.ts';
import { noon } from './time.ts';

let stage: Stage;
before(async () => {
  stage = await openStage();
  await stage.owner`CREATE TABLE notes (name text PRIMARY KEY, n int NOT NULL)`;
  await stage.owner`GRANT SELECT, UPDATE ON notes TO florin_api`;
});
after(() => stage.close());

/** Plays what the processes do, on two rows that stand at nothing; tells what they stand at then, and who failed. */
async function play(seed: number, ...work: ((sql: RawSql) => Promise<unknown>)[]) {
  await stage.owner`TRUNCATE notes`;
  await stage.owner`INSERT INTO notes VALUES ('a', 0), ('b', 0)`;
  const schedule = new Schedule({ dice: makeDice(seed), locks: stage.locks, now: noon });
  const failed: unknown[] = [];
  work.forEach((does, n) => {
    const [process] = stage.api.slice(n);
    assert.ok(process);
    does(gate(process.own, schedule, process.name)).catch((error) => failed.push(error.code));
  });
  await schedule.play();
  const rows = await stage.owner<{ n: number }[]>`SELECT n FROM notes ORDER BY name`;
  return { rows: rows.map(({ n }) => n), failed, trace: schedule.trace, figures: schedule.figures };
}

const add = (tx: RawSql, name: string) => tx`UPDATE notes SET n = n + 1 WHERE name = ${name}`;
const addTo =
  (...names: string[]) =>
  (sql: RawSql) =>
    sql.begin(async (tx) => {
      for (const name of names) await add(tx as unknown as RawSql, name);
    });

const seeds = Array.from({ length: 20 }, (_, n) => n + 1);

test('who waits for a lock is passed over, and goes on when it is let go, each time alike', async () => {
  let waits = 0;
  for (const seed of seeds) {
    const three = await play(seed, addTo('a'), addTo('a'), addTo('a'));
    assert.deepEqual([three.rows, three.failed], [[3, 0], []]);
    const { trace, figures } = await play(seed, addTo('a'), addTo('a'));
    assert.deepEqual((await play(seed, addTo('a'), addTo('a'))).trace, trace);
    waits += figures.waits;
  }
  assert.ok(waits > seeds.length / 4, `${waits} waits`);
});

test('a circle of those who wait is an outcome and not a hang: one is ended, and the other goes on', async () => {
  let circles = 0;
  for (const seed of seeds) {
    const { failed, rows, figures } = await play(seed, addTo('a', 'b'), addTo('b', 'a'));
    assert.equal(figures.deadlocks, failed.length);
    assert.deepEqual(failed, failed.length > 0 ? ['40P01'] : []);
    assert.deepEqual(rows, failed.length > 0 ? [1, 1] : [2, 2]);
    circles += failed.length;
  }
  assert.ok(circles > 0);
});

test('a read and a write apart lose an update in some orders and not in others', async () => {
  const readThenWrite = async (sql: RawSql) => {
    const [row] = await sql<{ n: number }[]>`SELECT n FROM notes WHERE name = 'a'`;
    await sql`UPDATE notes SET n = ${(row?.n ?? 0) + 1} WHERE name = 'a'`;
  };
  const ends = new Set<number | undefined>();
  for (const seed of seeds) ends.add((await play(seed, readThenWrite, readThenWrite)).rows[0]);
  assert.deepEqual([...ends].sort(), [1, 2]);
});

test('a statement inside another is no step of its own, and one that is not awaited is none at all', async () => {
  const { trace, rows } = await play(1, async (sql) => {
    const which = sql`name = 'b'`;
    void sql`UPDATE notes SET n = 9`;
    await sql`UPDATE notes SET n = 7 WHERE ${which}`;
  });
  assert.deepEqual(trace, ['api 1: UPDATE notes SET n = 7 WHERE $']);
  assert.deepEqual(rows, [0, 7]);
});

test('what a transaction throws undoes it, and is heard', async () => {
  const { trace, rows, failed } = await play(1, (sql) =>
    sql.begin(async (tx) => {
      await add(tx as unknown as RawSql, 'a');
      throw Object.assign(new Error('no'), { code: 'no' });
    }),
  );
  assert.deepEqual(trace.at(-1), 'api 1: ROLLBACK');
  assert.deepEqual([rows, failed], [[0, 0], ['no']]);
});

test('nobody is blocked who waits for somebody that runs, nor in a circle, which PostgreSQL will end', () => {
  const waits = (...chain: [number, number[]][]) => new Map(chain);
  assert.equal(allBlocked([1], waits([1, [9]])), true);
  assert.equal(allBlocked([1, 2], waits([1, [9]], [2, [1]])), true);
  assert.equal(allBlocked([1, 2], waits([1, []], [2, [1]])), false);
  assert.equal(allBlocked([1, 2], waits([1, [2]], [2, [1]])), false);
});

test('an alarm rings before later ones, and patience only where nobody else has anything to do', async () => {
  for (const seed of seeds) {
    const schedule = new Schedule({ dice: makeDice(seed), locks: stage.locks, now: noon });
    const rung: string[] = [];
    const alarm = (what: string, ms: number, patient = false) =>
      schedule.alarm('clock', { what, ms, patient, ring: () => rung.push(what) });
    alarm('patience', 10, true);
    alarm('late', 500);
    alarm('early', 50);
    const forget = alarm('forgotten', 5);
    forget();
    await schedule.play();
    assert.deepEqual(rung, ['early', 'late', 'patience']);
    assert.equal(schedule.now, noon + 500 + 1);
  }
});
