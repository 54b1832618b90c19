import type { RawSql } from '#db/client.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Standing } from './open.ts';
import type { Person } from './person.ts';

/** Kinds whose line people may say belongs to an operation. */
const forcible = ['missing_here', 'amount'];

interface Both {
  sameKind: boolean;
  sameCurrency: boolean;
  accepted: boolean;
  taken: boolean;
  free: boolean;
  paymentId: string;
  merchantId: string;
}

const no = (why: string) => new Refusal('illegal_move', why, { param: 'operationId' });

/**
 * Whether a line can be an operation's by people's word. What payments would never put on record cannot be agreed on.
 *
 * @throws Refusal `illegal_move`, `invalid_input`.
 */
export async function requireForcible(tx: RawSql, { sight }: Person, standing: Standing, operationId: string | null) {
  const { leg, kind, fileId, line, provider } = standing;
  if (leg !== 'settlement' || !forcible.includes(kind) || !fileId || line === null) {
    throw no(
      'Only a line that has nothing here, or another amount, can be matched by hand. Resolve it, or write it off.',
    );
  }
  if (!operationId) {
    throw new Refusal('invalid_input', 'Name the operation that the line belongs to.', { param: 'operationId' });
  }
  const [both] = await tx<Both[]>`
    SELECT l.kind = o.kind AS "sameKind", l.currency = o.currency AS "sameCurrency", o.status = 'accepted' AS accepted,
      EXISTS (SELECT FROM settlement_lines t WHERE t.operation_id = o.id AND t.kind = l.kind
        AND (t.file_id, t.line) <> (l.file_id, l.line)) AS taken,
      l.posted_at IS NULL AND coalesce(l.operation_id, o.id) = o.id AS free,
      o.payment_id AS "paymentId", o.merchant_id AS "merchantId"
    FROM settlement_lines l CROSS JOIN operations o
    WHERE l.file_id = ${fileId} AND l.line = ${line} AND o.id = ${operationId} AND o.provider = ${provider}
      AND o.merchant_id = ${sight.merchantId}`;
  if (!both) throw no("There is no such operation of this line's provider.");
  if (!both.sameKind) throw no('The line and the operation are of different kinds.');
  if (!both.sameCurrency) throw no('The line and the operation are in different currencies.');
  if (!both.accepted) throw no('The operation was not accepted: nothing of it can be settled.');
  if (both.taken) throw no('Another line has this operation already.');
  if (!both.free) throw no('This line has another operation, or is posted already.');
  return { fileId, line, operationId, paymentId: both.paymentId, merchantId: both.merchantId };
}

type Forced = Awaited<ReturnType<typeof requireForcible>>;

/** The line is the operation's, by two people's word; the worker posts it. What was missing is not missing any more. */
export async function forceMatch(tx: RawSql, forced: Forced, now: Date): Promise<void> {
  const { fileId, line, operationId, paymentId, merchantId } = forced;
  await tx`
    UPDATE settlement_lines SET operation_id = ${operationId}, payment_id = ${paymentId}, merchant_id = ${merchantId},
      rule = 'person', matched_at = ${now}
    WHERE file_id = ${fileId} AND line = ${line}`;
  await tx`
    UPDATE discrepancies SET ended = 'resolved', ended_at = ${now}, reason = 'Two people have matched it with a line.'
    WHERE operation_id = ${operationId} AND kind = 'missing_at_provider' AND ended_at IS NULL`;
}
