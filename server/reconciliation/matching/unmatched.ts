import type { RawSql } from '#db/client.ts';
import { invariant } from '#server/kernel/invariant.ts';
import type { Books } from '../room.ts';
import type { Cause } from './causes.ts';
import { type NewDifference, writeDifferences } from './differences.ts';
import type { File } from './file.ts';
import { captureOf, notDuplicate, type Range, withoutStatistics } from './find.ts';
import type { LineKind } from './judge.ts';

interface Left {
  line: number;
  kind: LineKind;
  amount: bigint;
  currency: string;
  /** Whose capture it is about, where that is known. */
  merchantId: string | null;
  paymentId: string | null;
  /** A line of the same chargeback came before. */
  taken: boolean;
}

/**
 * What no rule has found. A chargeback of a capture of ours has no operation: it gets its payment, to be heard when the
 * file is posted. All else that moves money has nothing here. Fees and payouts stand for themselves.
 */
export async function dealWithUnmatched(tx: RawSql, room: Books, range: Range & { file: File }): Promise<void> {
  const { id: fileId, provider } = range.file;
  await withoutStatistics(tx);
  const left = await tx<Left[]>`
    SELECT l.line, l.kind, l.amount, l.currency, c.merchant_id AS "merchantId", c.payment_id AS "paymentId",
      l.kind = 'chargeback' AND c.payment_id IS NOT NULL AND l.ref IS NOT NULL AND (
        row_number() OVER (PARTITION BY l.kind, l.ref ORDER BY l.line) > 1
        OR EXISTS (SELECT FROM settlement_lines t WHERE t.payment_id = c.payment_id AND t.provider = l.provider
          AND t.kind = 'chargeback' AND t.ref = l.ref)) AS taken
    FROM settlement_lines l LEFT JOIN LATERAL (
      SELECT o.merchant_id, o.payment_id FROM operations o WHERE ${captureOf(tx, tx`l.capture_ref`)} LIMIT 1) c ON true
    WHERE l.file_id = ${fileId} AND l.line > ${range.after} AND l.line <= ${range.to} AND l.operation_id IS NULL
      AND l.payment_id IS NULL AND l.kind NOT IN ('fee', 'payout') AND ${notDuplicate(tx)}
    ORDER BY l.line`;
  const charged = left.filter(({ kind, paymentId, taken }) => kind === 'chargeback' && paymentId && !taken);
  await nameCharged(tx, fileId, charged, room.clock.now());
  const differences = left
    .filter((one) => !charged.includes(one))
    .map((one): NewDifference => {
      const { line, taken, amount: theirs, merchantId, paymentId, currency } = one;
      return {
        ...{ leg: 'settlement', provider, at: { fileId, line }, merchantId, paymentId, operationId: null, currency },
        ...(taken
          ? { kind: 'duplicate', cause: 'line_repeated', ours: theirs, theirs }
          : { kind: 'missing_here', cause: causeOf(one), ours: null, theirs }),
      };
    });
  await writeDifferences(tx, room, differences);
}

async function nameCharged(tx: RawSql, fileId: string, charged: readonly Left[], now: Date): Promise<void> {
  if (charged.length === 0) return;
  const idsOf = (of: (one: Left) => string | null) =>
    charged.map((one) => {
      const id = of(one);
      invariant(id, 'a chargeback that is named has a payment');
      return id;
    });
  await tx`
    UPDATE settlement_lines l SET payment_id = n.payment_id, merchant_id = n.merchant_id, matched_at = ${now}
    FROM unnest(${charged.map(({ line }) => line)}::int[], ${idsOf((one) => one.paymentId)}::uuid[],
      ${idsOf((one) => one.merchantId)}::uuid[]) AS n (line, payment_id, merchant_id)
    WHERE l.file_id = ${fileId} AND l.line = n.line`;
}

function causeOf({ kind, paymentId }: Left): Cause {
  if (kind === 'adjustment' || kind === 'chargeback' || kind === 'refund_returned') return kind;
  return kind === 'refund' && paymentId ? 'foreign_refund' : 'unknown_payment';
}
