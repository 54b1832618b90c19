import type { RawSql } from '#db/client.ts';
import type { Range } from './find.ts';
import type { Postable } from './hear-line.ts';
import { blocking } from './judge.ts';

/**
 * Lines that are to be posted: those with an operation whose money agrees, or on which two people have agreed;
 * chargebacks of ours; and refunds that nobody here has asked for.
 */
export function postable(sql: RawSql, fileId: string, { after, to }: Pick<Range, 'after' | 'to'>): Promise<Postable[]> {
  return sql<Postable[]>`
    SELECT l.line, l.kind, l.amount, l.fee, l.currency, l.ref, l.capture_ref AS "captureRef", l.rule,
      l.merchant_id AS "merchantId", l.payment_id AS "paymentId", l.operation_id AS "operationId", o.status, o.step,
      o.amount AS ours
    FROM settlement_lines l LEFT JOIN operations o ON o.id = l.operation_id
    WHERE l.file_id = ${fileId} AND l.line > ${after} AND l.line <= ${to} AND l.posted_at IS NULL
      AND (l.operation_id IS NOT NULL OR (l.kind = 'chargeback' AND l.payment_id IS NOT NULL)
        OR (l.kind = 'refund' AND l.ref IS NOT NULL AND l.capture_ref IS NOT NULL))
      AND (SELECT d.line FROM discrepancies d
        WHERE d.leg = 'settlement' AND d.file_id = l.file_id AND d.line = l.line AND d.kind IN ${sql([...blocking])}
          AND d.ended IS DISTINCT FROM 'matched' LIMIT 1) IS NULL
    ORDER BY l.line`;
}
