import type { RawSql } from '#db/client.ts';
import type { Books } from '../room.ts';
import { type NewDifference, writeDifferences } from './differences.ts';
import type { File } from './file.ts';
import { type Fragment, withoutStatistics } from './find.ts';
import { judge, type Pair } from './judge.ts';
import type { Rule } from './rules.ts';

interface Matched {
  /** Lines among which `found` looks: `after` < line ≤ `to`. */
  after: number;
  to: number;
  room: Books;
  file: Pick<File, 'id' | 'provider' | 'day'>;
  rule: Rule;
  /** Selects lines beside their operations, as `find.ts` does. */
  found: Fragment;
}

/**
 * Gives lines their operations, and puts on record where the two differ. Of two lines of one operation the first has
 * it; a unique index would refuse the second.
 */
export async function match(tx: RawSql, { room, file, rule, found, after, to }: Matched): Promise<void> {
  const { id: fileId, provider } = file;
  await withoutStatistics(tx);
  const odd = await tx<(Pair & { currency: string })[]>`
    WITH found AS MATERIALIZED (
      SELECT f.*, row_number() OVER (PARTITION BY operation_id, kind ORDER BY line) AS turn,
        (SELECT CASE t.file_id WHEN ${fileId} THEN 'here' ELSE 'before' END FROM settlement_lines t
          WHERE t.operation_id = f.operation_id AND t.kind = f.kind) AS taken,
        greatest(${file.day}::date, (occurred_at AT TIME ZONE 'UTC')::date)
          - (our_time AT TIME ZONE 'UTC')::date AS days
      FROM (${found}) f),
    matched AS (
      UPDATE settlement_lines l SET operation_id = f.operation_id, payment_id = f.payment_id,
        merchant_id = f.merchant_id, rule = ${rule.name}, matched_at = ${room.clock.now()}
      FROM found f WHERE l.file_id = ${fileId} AND l.line > ${after} AND l.line <= ${to} AND l.line = f.line
        AND f.turn = 1 AND f.taken IS NULL)
    SELECT line, kind, merchant_id AS "merchantId", payment_id AS "paymentId", operation_id AS "operationId", status,
      amount AS theirs, fee AS "theirFee", currency AS "theirCurrency", our_amount AS ours, our_fee AS "ourFee",
      our_currency AS "ourCurrency", days, CASE WHEN turn > 1 THEN 'here' ELSE taken END AS taken
    FROM found
    WHERE turn > 1 OR taken IS NOT NULL OR status IN ('refused', 'absent')
      OR currency <> our_currency OR abs(amount - our_amount) > ${rule.tolerance}
      OR abs(fee - our_fee) > ${rule.tolerance} OR days > ${rule.windowDays}`;
  const differences = odd.flatMap((pair) =>
    judge(pair, rule).map((one): NewDifference => {
      const { merchantId, paymentId, operationId, line, ourCurrency: currency } = pair;
      return {
        ...one,
        leg: 'settlement',
        provider,
        at: { fileId, line },
        merchantId,
        paymentId,
        operationId,
        currency,
      };
    }),
  );
  await writeDifferences(tx, room, differences);
}
