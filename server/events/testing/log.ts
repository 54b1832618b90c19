import { openDatabase, openSql, type RawSql } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeBus } from '../bus.ts';
import type { Consumer, LoggedEvent } from '../consumer.ts';
import type { BusSeams } from '../seams.ts';
import { settled } from './catch-up.ts';

export const ids = uuidv7({ now: systemClock.now, random: systemRandom });

/** A clock that stands still until it is moved; timers are the machine's. */
export function heldClock(start = new Date('2026-03-01T12:00:00Z')): Clock & { forward(ms: number): void } {
  let now = start.getTime();
  return {
    ...systemClock,
    now: () => new Date(now),
    forward(ms) {
      now += ms;
    },
  };
}

/**
 * A log of its own, read by the worker's role. Its payments are ids and nothing more: that events have payments is the
 * database's to watch, and tried elsewhere.
 */
export async function logOnDatabase() {
  const database = await testDatabase();
  const owner = openSql(database.url('owner'), { application: 'test owner', max: 6 });
  await owner`ALTER TABLE events DISABLE TRIGGER events_one_path`;
  await owner`CREATE TABLE seen (consumer text, payment_id uuid, seq int, event_id uuid, n serial)`;
  await owner`GRANT INSERT ON seen TO florin_worker`;
  await owner`GRANT USAGE ON seen_n_seq TO florin_worker`;
  const clock = heldClock();
  const opened: { close(): Promise<void> }[] = [];
  return {
    database,
    owner,
    clock,
    /** A bus as a worker of its own has it. */
    worker(failpoint?: Failpoint, seams: Partial<BusSeams> = {}) {
      const connections = openDatabase({ url: database.url('worker'), application: 'test worker' });
      opened.push(connections);
      const { sql } = connections;
      return makeBus({ sql, transact: makeTransact(sql, { failpoint }), clock, ...seams });
    },
    /**
     * Appends, and waits until it can be read; in a transaction of the test's own, or on a log held up, it does not.
     */
    async append(events: Appended[], sql?: RawSql) {
      await append(sql ?? owner, events, clock.now());
      if (!sql) await settled(owner);
    },
    /** What consumers have done, in the order in which they did it. */
    async seen(consumer: string): Promise<string[]> {
      const rows = await owner<{ payment_id: string; seq: number }[]>`
        SELECT payment_id, seq FROM seen WHERE consumer = ${consumer} ORDER BY n`;
      return rows.map(({ payment_id, seq }) => `${payment_id} ${seq}`);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((one) => one.close()));
      await owner.end({ timeout: 5 });
      await database.drop();
    },
  };
}

export type Log = Awaited<ReturnType<typeof logOnDatabase>>;

/** An event to be appended: the first of its payment, or one more of one that has ended. */
export interface Appended {
  payment: string;
  seq: number;
  merchant?: string;
}

async function append(sql: RawSql, events: Appended[], at: Date): Promise<void> {
  const rows = events.map(({ payment, seq, merchant = payment }) => ({
    payment_id: payment,
    seq,
    id: ids(),
    merchant_id: merchant,
    from_state: seq === 1 ? null : 'failed',
    trigger: seq === 1 ? 'create' : 'intent_canceled',
    to_state: seq === 1 ? 'initiated' : 'failed',
    cause: 'test',
    actor_kind: 'workload',
    actor_id: 'test',
    data: {},
    at,
  }));
  await sql`INSERT INTO events ${sql(rows as never)}`;
}

export const place = (payment: string, seq: number) => `${payment} ${seq}`;

/** A consumer that writes down what it sees, and does not survive some of it. */
export function scribe(name: string, poison: (event: LoggedEvent) => boolean = () => false): Consumer {
  return {
    name,
    async effect(tx, events) {
      for (const { paymentId, seq, id } of events) {
        await tx`INSERT INTO seen (consumer, payment_id, seq, event_id) VALUES (${name}, ${paymentId}, ${seq}, ${id})`;
      }
      const bad = events.find(poison);
      if (bad) throw new Error(`cannot stomach ${bad.seq}`);
    },
  };
}
