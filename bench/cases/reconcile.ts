import type { RawSql } from '#db/client.ts';
import type { Composition } from '#server/composition/rooms.ts';
import { matchFile } from '#server/reconciliation/matching/match-file.ts';
import { postFile } from '#server/reconciliation/matching/post-file.ts';
import type { Bench, Case, Figure } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { makeHistory } from '../house/history.ts';
import { openRooms } from '../house/rooms.ts';
import { inProcess, openStage } from '../house/stage.ts';
import { startMeter } from '../measure/processor.ts';

/** Of which 93 of 100 were captured, each with a line. */
const payments = 1_075_000;
/** Lines between two that are planted alike: more than a thousand of each kind at the full scale. */
const every = 800;

export const reconcile: Case = {
  name: 'reconcile',
  measures:
    'A million lines of settlement files, one file for each day and provider, against a million captured payments: ' +
    'matched, by our key or by the provider’s id, then posted payment by payment. Differences of each kind are ' +
    'planted, and exactly those have to be found. To read the files is not measured here.',
  async run(bench) {
    const stage = await openStage(bench);
    try {
      const size = Math.max(4_000, Math.round(payments * bench.options.scale));
      await makeHistory({ bench, database: stage.database, merchants: stage.merchants }).growTo(size);
      const planted = await asAdmin(stage.database.url('owner'), plant);
      const { url } = stage.database;
      const worker = openRooms({ url: url('worker'), service: 'worker', vault: stage.vault });
      try {
        const files = await worker.sql<{ id: string }[]>`SELECT id FROM settlement_files ORDER BY day, provider`;
        const ids = files.map(({ id }) => id);
        const matched = await timed(bench, () => inTurn(ids, (id) => matchFile(worker, id)));
        await compare(bench, worker, planted);
        const posted = await timed(bench, () => inTurn(ids, (id) => postFile(worker, id)));
        await reconciled(bench, worker);
        await examined(bench, stage.database, { sample: 2_000 });
        return figures(matched, posted, await counts(worker.sql));
      } finally {
        await worker.close();
      }
    } finally {
      await stage.close();
      await stage.database.drop();
    }
  },
};

async function inTurn(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  for (const id of ids) await work(id);
}

interface Timed {
  seconds: number;
  /** Bytes that this process held before, and at most; processor seconds by class. */
  before: number;
  memory: number;
  processor: Record<string, number>;
}

async function timed(bench: Bench, work: () => Promise<void>): Promise<Timed> {
  const before = process.memoryUsage.rss();
  let memory = before;
  const look = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss());
  }, 50);
  const meter = startMeter(inProcess(bench));
  const began = performance.now();
  try {
    await work();
  } finally {
    clearInterval(look);
  }
  const seconds = (performance.now() - began) / 1000;
  const share = meter.stop();
  return {
    seconds,
    before,
    memory,
    processor: { node: (share.node ?? 0) * seconds, postgres: (share.postgres ?? 0) * seconds },
  };
}

function figures(matched: Timed, posted: Timed, { lines, settled }: { lines: number; settled: number }): Figure[] {
  const rate = (what: string, count: number, { seconds, processor }: Timed, atLeast: number): Figure => ({
    what,
    unit: 'lines/s',
    rounds: [count / seconds],
    goals: [{ of: 'value', atLeast }],
    details: {
      done: count,
      'µs node': ((processor.node ?? 0) * 1e6) / count,
      'µs postgres': ((processor.postgres ?? 0) * 1e6) / count,
    },
  });
  return [
    rate('matched', lines, matched, 120_000),
    rate('posted', settled, posted, 10_000),
    {
      what: 'memory of the process, at most',
      unit: 'MB',
      rounds: [Math.max(matched.memory, posted.memory) / 1e6],
      goals: [{ of: 'value', atMost: 200 }],
      // This process has filled the tables, too.
      details: { 'MB before it began': matched.before / 1e6 },
    },
  ];
}

async function counts(sql: RawSql): Promise<{ lines: number; settled: number }> {
  const [row] = await sql<{ lines: number; settled: number }[]>`
    SELECT count(*)::int AS lines, count(posted_at)::int AS settled FROM settlement_lines`;
  return row ?? { lines: 0, settled: 0 };
}

/** How many of each kind are planted. */
type Planted = Record<string, number>;

/**
 * A file for each day and provider, with a line for each capture. Of each eight hundred captures one each has another
 * amount, currency or fee, two lines, its line a day late, none, a stranger beside it, and a refund that we gave up.
 */
async function plant(sql: RawSql): Promise<Planted> {
  await sql`SET statement_timeout = 0`;
  await sql`
    INSERT INTO matching_rules (id, provider, position, name, by, tolerance, window_days)
    VALUES (uuidv7(), NULL, 1, 'our key', 'key', 0, 0), (uuidv7(), NULL, 2, 'the provider''s id', 'ref', 0, 0)`;
  // As a day at the acquirer would have it: what was planted lies among all others.
  await sql`
    CREATE TABLE planted AS
    SELECT o.*, (closed_at AT TIME ZONE 'UTC')::date AS day,
      row_number() OVER (ORDER BY id) % ${every}::int AS plant FROM operations o
    WHERE kind = 'capture' AND status = 'accepted'`;
  await sql`
    INSERT INTO operations (id, payment_id, merchant_id, kind, status, provider, amount, currency, request, step, sends,
      sent_at, send_before, asked_at, inquiries, ask_at, opened_at, closed_at, is_foreign)
    SELECT uuidv7(closed_at - clock_timestamp()), payment_id, merchant_id, 'refund', 'absent', provider, 100, currency,
      request, 1, 1, sent_at, send_before, asked_at, 0, ask_at, opened_at, closed_at, false
    FROM planted WHERE plant = 8`;
  // The last day's late lines come in a file of their own day, in which there is nothing else.
  await sql`
    INSERT INTO settlement_files (id, provider, name, day, source, digest, content, received_at, status, lines,
      quarantined, read_at)
    SELECT uuidv7(), provider, provider || day, day, 'fetched', sha256((provider || day)::bytea), ''::bytea, now(),
      'read', 0, 0, now()
    FROM (SELECT provider, day FROM planted UNION SELECT provider, max(day) + 1 FROM planted GROUP BY provider) f`;
  await sql`
    INSERT INTO settlement_lines (file_id, line, provider, kind, ref, key, amount, fee, net, currency, occurred_at, raw)
    SELECT f.id, 1 + row_number() OVER (PARTITION BY f.id ORDER BY l.place), l.provider, l.kind, l.ref, l.key,
      l.amount, l.fee, l.amount - l.fee, l.currency, l.at, l.kind || ',' || l.ref || ',' || l.amount
    FROM (
      SELECT id AS place, provider, day + (plant = 6)::int AS day, 'capture' AS kind, provider_ref AS ref,
        CASE WHEN plant % 7 <> 0 THEN id || '-1' END AS key, amount + (plant = 1)::int * 100 AS amount,
        fee + (plant = 3)::int * 7 AS fee, CASE WHEN plant = 2 THEN 'CHF' ELSE currency END AS currency, closed_at AS at
      FROM planted CROSS JOIN generate_series(1, 1 + (plant = 5)::int) WHERE plant <> 4
      UNION ALL
      SELECT id, provider, day, 'capture', 'stranger_' || id, NULL, amount, fee, currency, closed_at
      FROM planted WHERE plant = 7
      UNION ALL
      SELECT o.id, o.provider, (o.closed_at AT TIME ZONE 'UTC')::date, 'refund', 're_' || o.id, o.id || '-1', o.amount,
        0, o.currency, o.closed_at
      FROM operations o WHERE o.kind = 'refund') l
    JOIN settlement_files f ON f.provider = l.provider AND f.day = l.day`;
  const rows = await sql<{ plant: number; many: number }[]>`
    SELECT plant::int, count(*)::int AS many FROM planted WHERE plant BETWEEN 1 AND 8 GROUP BY plant`;
  await sql`VACUUM ANALYZE operations, settlement_files`;
  const of = new Map(rows.map(({ plant: kind, many }) => [kind, many]));
  const many = (kind: number) => of.get(kind) ?? 0;
  return {
    amount: many(1),
    currency: many(2),
    fee: many(3),
    missing_at_provider: many(4),
    duplicate: many(5),
    late: many(6),
    missing_here: many(7),
    status: many(8),
  };
}

/** Exactly what was planted, each in its own operation; what was late was missing for a day, and has come. */
async function compare({ breaches, say }: Bench, { sql }: Composition, planted: Planted): Promise<void> {
  const rows = await sql<{ kind: string; many: number }[]>`
    SELECT kind, count(*)::int AS many FROM discrepancies WHERE ended_at IS NULL GROUP BY kind`;
  const found = new Map(rows.map(({ kind, many }) => [kind, many]));
  for (const [kind, many] of Object.entries(planted)) {
    if ((found.get(kind) ?? 0) !== many) breaches.push(`reconcile: ${many} ${kind} planted, ${found.get(kind)} found`);
  }
  const [ended] = await sql<{ many: number }[]>`
    SELECT count(*)::int AS many FROM discrepancies WHERE ended_at IS NOT NULL AND kind = 'missing_at_provider'`;
  if (ended?.many !== planted.late) breaches.push(`reconcile: ${planted.late} were late, ${ended?.many} have come`);
  say(`reconcile: planted and found ${JSON.stringify(planted)}`);
}

/** None of the wrong ones was put on record, and all others were. */
async function reconciled({ breaches }: Bench, { sql }: Composition): Promise<void> {
  const [row] = await sql<{ wrongly: number; left: number }[]>`
    SELECT count(*) FILTER (WHERE p.state = 'reconciled' AND n.blocked)::int AS wrongly,
      count(*) FILTER (WHERE p.state <> 'reconciled' AND NOT n.blocked)::int AS left
    FROM payments p CROSS JOIN LATERAL (
      SELECT EXISTS (SELECT FROM discrepancies d WHERE d.payment_id = p.id AND d.ended_at IS NULL
        AND d.kind IN ('amount', 'currency', 'missing_at_provider')) AS blocked) n
    WHERE p.captured > 0`;
  if (row?.wrongly !== 0) breaches.push(`reconcile: ${row?.wrongly} payments that differ were reconciled`);
  if (row?.left !== 0) breaches.push(`reconcile: ${row?.left} payments that agree were not reconciled`);
}
