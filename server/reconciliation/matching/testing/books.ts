import { openDatabase } from '#db/client.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { makeLog } from '#server/observability/log.ts';
import { paymentsOnDatabase } from '#server/payments/testing/room.ts';
import type { Books } from '../../room.ts';

/** An operation as a test plants it: nothing but what a line is compared with. */
export interface Planted {
  id: string;
  payment: string;
  kind?: 'capture' | 'refund';
  status?: string;
  amount?: bigint;
  currency?: string;
  fee?: bigint | null;
  ref?: string | null;
  at?: Date;
}

export interface PlantedLine {
  kind: string;
  ref?: string | null;
  captureRef?: string | null;
  key?: string | null;
  reference?: string | null;
  amount?: bigint;
  fee?: bigint;
  currency?: string;
  at?: Date;
  payoutRef?: string | null;
}

/** Payments on a database of their own, and files beside them as the worker would have read them. */
export async function booksOnDatabase() {
  const room = await paymentsOnDatabase(['alder', 'birch']);
  const worker = openDatabase({ url: room.url('worker'), application: 'test worker' });
  const { sql } = worker;
  const { owner, ids, clock, payments } = room;
  const log = makeLog('test', { write: () => {} });
  const written = (rows: readonly object[]) =>
    JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return {
    ...room,
    day: clock.now().toISOString().slice(0, 10),
    /** What the worker's matching is made of. */
    books: (failpoint?: Failpoint): Books => ({
      ...{ sql, clock, ids, log, payments },
      transact: makeTransact(sql, { clock, failpoint }),
    }),
    /** Writes operations as they are, past the guards that Florin's own writes pass. */
    async plant(planted: readonly Planted[]) {
      const now = clock.now();
      const rows = planted.map((one) => ({
        ...{ id: one.id, payment_id: one.payment, merchant_id: room.caller.merchantId, kind: one.kind ?? 'capture' },
        ...{ status: one.status ?? 'accepted', provider: 'alder', amount: one.amount ?? 10_000n },
        ...{ currency: one.currency ?? 'EUR', request: {}, step: 1, sends: 1, inquiries: 0, is_foreign: false },
        ...{ sent_at: now, send_before: now, asked_at: now, ask_at: now, opened_at: one.at ?? now },
        closed_at: one.status === 'open' ? null : (one.at ?? now),
        provider_ref: one.ref === undefined ? `ref_${one.id}` : one.ref,
        fee: one.fee === undefined ? 43n : one.fee,
      }));
      await owner`ALTER TABLE operations DISABLE TRIGGER USER`;
      await owner`INSERT INTO operations SELECT * FROM jsonb_populate_recordset(null::operations, ${written(rows)}::text::jsonb)`;
      await owner`ALTER TABLE operations ENABLE TRIGGER USER`;
      // As autovacuum sees to it where operations come by and by; files come at once, and are in no statistics yet.
      await owner`ANALYZE operations`;
    },
    /** A file whose lines stand in their table. Returns its id. */
    async file(lines: readonly PlantedLine[], { day, name }: { day?: string; name?: string } = {}): Promise<string> {
      const id = ids();
      const now = clock.now();
      const rows = lines.map((one, place) => ({
        ...{ file_id: id, line: place + 2, provider: 'alder', kind: one.kind, ref: one.ref, key: one.key },
        ...{ capture_ref: one.captureRef, reference: one.reference, amount: one.amount ?? 10_000n },
        ...{ fee: one.fee ?? 43n, net: (one.amount ?? 10_000n) - (one.fee ?? 43n), currency: one.currency ?? 'EUR' },
        ...{
          occurred_at: one.at ?? now,
          payout_ref: one.payoutRef,
          raw: JSON.stringify(Object.values(one).map(String)),
        },
      }));
      await owner`
        INSERT INTO settlement_files (id, provider, name, day, source, digest, content, received_at, status, lines,
          quarantined, read_at)
        VALUES (${id}, 'alder', ${name ?? `alder-${id}.csv`}, ${day ?? now.toISOString().slice(0, 10)}, 'fetched',
          sha256(${id}::text::bytea), ''::bytea, ${now}, 'read', ${lines.length}, 0, ${now})`;
      await owner`
        INSERT INTO settlement_lines
        SELECT * FROM jsonb_populate_recordset(null::settlement_lines, ${written(rows)}::text::jsonb)`;
      return id;
    },
    /** In place of the defaults: their order, with another tolerance and patience. */
    async rules({ tolerance = 0, windowDays }: { tolerance?: number; windowDays: number }) {
      for (const [position, by] of (['key', 'ref', 'reference'] as const).entries()) {
        await owner`
          INSERT INTO matching_rules (id, provider, position, name, by, tolerance, window_days)
          VALUES (${ids()}, 'alder', ${position}, ${`by ${by}`}, ${by}, ${tolerance}, ${windowDays})`;
      }
    },
    async [Symbol.asyncDispose]() {
      await worker.close();
      await room[Symbol.asyncDispose]();
    },
  };
}

export type TestBooks = Awaited<ReturnType<typeof booksOnDatabase>>;
