import type { RawSql } from '#db/client.ts';
import type { Verdict } from './verdict.ts';

/** A verdict as the mover hands it over. */
export function verdictRow(verdict: Verdict, payment: { id: string; merchantId: string; currency: string }, at: Date) {
  return {
    id: verdict.id,
    merchant_id: payment.merchantId,
    payment_id: payment.id,
    decision: verdict.decision,
    score: verdict.score,
    reasons: verdict.reasons,
    fingerprint: verdict.fingerprint,
    address: verdict.address,
    amount: String(verdict.amount),
    currency: payment.currency,
    at,
  };
}

/**
 * Risk's part of the mover's statement: the verdict is written in the commit of the move that it allowed or ended.
 * Reads the CTE `done (n)`.
 *
 * @param rows  JSON array of verdict rows.
 */
export function appendVerdicts(sql: RawSql, rows: string) {
  return sql`
    INSERT INTO risk_verdicts (id, merchant_id, payment_id, decision, score, reasons, fingerprint, address, amount, currency, at)
    SELECT r.id, r.merchant_id, r.payment_id, r.decision, r.score, r.reasons, r.fingerprint, r.address, r.amount, r.currency, r.at
    FROM json_to_recordset(${rows}::text::json) AS r (n int, id uuid, merchant_id uuid, payment_id uuid, decision text,
      score int, reasons jsonb, fingerprint text, address text, amount bigint, currency text, at timestamptz)
    JOIN done USING (n)`;
}
