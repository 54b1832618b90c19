import type { RawSql } from '#db/client.ts';
import { readId } from '#server/kernel/id.ts';
import { notDuplicate, type Range } from './find.ts';
import type { Rule } from './rules.ts';

interface Money {
  amount: bigint;
  currency: string;
}

/** A line that names a payment of ours. */
export interface Referring extends Money {
  line: number;
  paymentId: string;
  kind: string;
}

/** An operation of a payment that may be what a line is about. */
export interface Candidate extends Money {
  operationId: string;
  paymentId: string;
  kind: string;
  /** A line has it already. */
  taken: boolean;
}

export interface Found {
  line: number;
  operationId: string;
}

/** By our reference, kind and amount: which operations the lines mean that nothing more exact has found. */
export async function refer(sql: RawSql, range: Range, { tolerance }: Rule): Promise<Found[]> {
  const { file, after, to } = range;
  const rows = await sql<(Omit<Referring, 'paymentId'> & { reference: string })[]>`
    SELECT l.line, l.kind, l.amount, l.currency, l.reference FROM settlement_lines l
    WHERE l.file_id = ${file.id} AND l.line > ${after} AND l.line <= ${to} AND l.operation_id IS NULL
      AND l.kind IN ('capture', 'refund') AND l.reference IS NOT NULL AND ${notDuplicate(sql)}
    ORDER BY l.line`;
  const lines = rows.flatMap(({ reference, ...line }) => {
    const paymentId = readId('payment', reference);
    return paymentId ? [{ ...line, paymentId }] : [];
  });
  if (lines.length === 0) return [];
  const candidates = await sql<Candidate[]>`
    SELECT o.id AS "operationId", o.payment_id AS "paymentId", o.kind, o.amount, o.currency,
      EXISTS (SELECT FROM settlement_lines t WHERE t.operation_id = o.id AND t.kind = o.kind) AS taken
    FROM operations o
    WHERE o.payment_id = ANY(${[...new Set(lines.map(({ paymentId }) => paymentId))]}::uuid[])
      AND o.provider = ${file.provider} AND o.kind IN ('capture', 'refund') AND o.status NOT IN ('refused', 'absent')
    ORDER BY o.id`;
  return pairUp(lines, candidates, tolerance);
}

/**
 * Of several operations that fit, a line has the first that is free. Where none is, it repeats one that is taken; and
 * where a payment has one operation of its kind alone, that is the one, whatever the amount.
 */
export function pairUp(lines: readonly Referring[], candidates: readonly Candidate[], tolerance: bigint): Found[] {
  const taken = new Set(candidates.filter((one) => one.taken).map(({ operationId }) => operationId));
  const groups = Map.groupBy(candidates, ({ paymentId, kind }) => `${paymentId} ${kind}`);
  return lines.flatMap(({ line, paymentId, kind, amount, currency }) => {
    const group = groups.get(`${paymentId} ${kind}`) ?? [];
    const fitting = group.filter((one) => one.currency === currency && distance(one.amount, amount) <= tolerance);
    const nearest = fitting.toSorted((a, b) => Number(distance(a.amount, amount) - distance(b.amount, amount)));
    const free = nearest.find(({ operationId }) => !taken.has(operationId));
    const only = group.length === 1 ? group[0] : undefined;
    const operationId = (free ?? nearest[0] ?? only)?.operationId;
    if (!operationId) return [];
    taken.add(operationId);
    return [{ line, operationId }];
  });
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}
