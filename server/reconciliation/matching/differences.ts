import type { RawSql } from '#db/client.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Difference } from './judge.ts';

export interface NewDifference extends Difference {
  leg: 'settlement' | 'bank';
  provider: string;
  /** None where it is missing there. */
  at: { fileId: string; line: number } | null;
  merchantId: string | null;
  paymentId: string | null;
  operationId: string | null;
  currency: string;
}

/** Puts differences on record. What is on record already stays as it is, with what people made of it. */
export async function writeDifferences(
  tx: RawSql,
  { clock, ids }: { clock: Clock; ids: Ids },
  found: readonly NewDifference[],
): Promise<void> {
  if (found.length === 0) return;
  const texts = (of: (one: NewDifference) => string | null) => found.map(of);
  await tx`
    INSERT INTO discrepancies (id, leg, kind, provider, file_id, line, merchant_id, payment_id, operation_id, ours,
      theirs, currency, cause, opened_at)
    SELECT n.*, ${clock.now()} FROM unnest(${found.map(() => ids())}::uuid[], ${texts((one) => one.leg)}::text[],
      ${texts((one) => one.kind)}::text[], ${texts((one) => one.provider)}::text[],
      ${texts((one) => one.at?.fileId ?? null)}::uuid[], ${found.map((one) => one.at?.line ?? null)}::int[],
      ${texts((one) => one.merchantId)}::uuid[], ${texts((one) => one.paymentId)}::uuid[],
      ${texts((one) => one.operationId)}::uuid[], ${texts((one) => one.ours?.toString() ?? null)}::text[]::bigint[],
      ${texts((one) => one.theirs?.toString() ?? null)}::text[]::bigint[], ${texts((one) => one.currency)}::text[],
      ${texts((one) => one.cause)}::text[])
      AS n (id, leg, kind, provider, file_id, line, merchant_id, payment_id, operation_id, ours, theirs, currency,
        cause)
    ON CONFLICT DO NOTHING`;
}
