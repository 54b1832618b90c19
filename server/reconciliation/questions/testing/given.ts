import type { RawSql } from '#db/client.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom as random, sha256 } from '#server/kernel/secret.ts';
import type { DifferenceKind, LineKind } from '../view.ts';

/** Pages go by ids, which within one millisecond are in no order. */
let made = 0;
const ids = uuidv7({ now: () => new Date(systemClock.now().getTime() + made++), random });

export interface GivenFile {
  provider?: string;
  day?: string;
  name?: string;
  /** Rows that matching would have left; none where it has not run. */
  run?: { lines: number; matched: number; differences?: Partial<Record<DifferenceKind, number>> };
  quarantined?: { line: number; raw: string; reason: string }[];
  receivedAt?: Date;
}

/** A file as taken in, and as matching leaves it, put in by the owner. Returns its id. */
export async function givenFile(owner: RawSql, given: GivenFile = {}): Promise<string> {
  const { provider = 'alder', day = '2026-11-20', run, quarantined = [], receivedAt = systemClock.now() } = given;
  const id = ids();
  const name = given.name ?? `settlement-${id}.csv`;
  const matchedAt = run ? receivedAt : null;
  await owner`
    INSERT INTO settlement_files (id, provider, name, day, source, digest, content, received_at, status, lines,
      quarantined, read_at, matched_at)
    VALUES (${id}, ${provider}, ${name}, ${day}, 'uploaded', ${sha256(id)}, ${Buffer.from(name)}, ${receivedAt},
      ${run ? 'matched' : 'stored'}, ${run?.lines ?? 0}, ${quarantined.length}, ${matchedAt}, ${matchedAt})`;
  for (const { line, raw, reason } of quarantined)
    await owner`
      INSERT INTO quarantined_lines (file_id, line, raw, reason) VALUES (${id}, ${line}, ${raw}, ${reason})`;
  if (!run) return id;
  const totals = { EUR: { theirs: '9000', ours: '10000', matched: '8000' } };
  await owner`
    INSERT INTO reconciliation_runs (id, provider, file_id, day, started_at, ended_at, lines, matched, quarantined,
      differences, totals)
    VALUES (${ids()}, ${provider}, ${id}, ${day}, ${receivedAt}, ${receivedAt}, ${run.lines}, ${run.matched},
      ${quarantined.length}, ${JSON.stringify(run.differences ?? {})}::text::jsonb, ${JSON.stringify(totals)}::text::jsonb)`;
  return id;
}

export interface GivenLine {
  fileId: string;
  line: number;
  kind?: LineKind;
  amount?: bigint;
  merchantId?: string | null;
  paymentId?: string | null;
  /** Matched with it. */
  operationId?: string | null;
  raw?: string;
}

export async function givenLine(owner: RawSql, given: GivenLine): Promise<void> {
  const { fileId, line, kind = 'capture', amount = 4000n, raw = `raw ${line}` } = given;
  const { merchantId = null, paymentId = null, operationId = null } = given;
  const at = systemClock.now();
  await owner`
    INSERT INTO settlement_lines (file_id, line, provider, kind, ref, amount, fee, net, currency, occurred_at, raw,
      merchant_id, payment_id, operation_id, rule, matched_at)
    VALUES (${fileId}, ${line}, 'alder', ${kind}, ${`ref_${line}`}, ${amount}, 50, ${amount - 50n}, 'EUR', ${at}, ${raw},
      ${merchantId}, ${paymentId}, ${operationId}, ${operationId ? 'key' : null}, ${operationId ? at : null})`;
}

export interface GivenDifference {
  kind?: DifferenceKind;
  fileId?: string | null;
  line?: number | null;
  merchantId?: string | null;
  paymentId?: string | null;
  operationId?: string | null;
  ours?: bigint | null;
  theirs?: bigint | null;
  openedAt?: Date;
  /** Ended as resolved, then. */
  endedAt?: Date;
  assignedTo?: { id: string; name: string };
}

/** A difference as matching finds it. Returns its id. */
export async function givenDifference(owner: RawSql, given: GivenDifference = {}): Promise<string> {
  const { kind = 'amount', fileId = null, line = null, ours = 4000n, theirs = 3900n } = given;
  const { merchantId = null, paymentId = null, operationId = null, openedAt = systemClock.now(), endedAt } = given;
  const id = ids();
  await owner`
    INSERT INTO discrepancies (id, leg, kind, provider, file_id, line, merchant_id, payment_id, operation_id, ours,
      theirs, currency, cause, opened_at, assigned_to, assigned_to_name, ended, reason, ended_at)
    VALUES (${id}, 'settlement', ${kind}, 'alder', ${fileId}, ${line}, ${merchantId}, ${paymentId}, ${operationId},
      ${ours}, ${theirs}, 'EUR', 'unknown', ${openedAt}, ${given.assignedTo?.id ?? null},
      ${given.assignedTo?.name ?? null}, ${endedAt ? 'resolved' : null}, ${endedAt ? 'seen' : null}, ${endedAt ?? null})`;
  return id;
}
