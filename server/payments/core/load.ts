import type { RawSql } from '#db/client.ts';
import { isOfOneRow } from '#db/row-errors.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import type { Currency } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { CaptureMethod } from '../view.ts';
import { type EscalationJson, escalationOf } from './escalation.ts';
import type { PaymentState } from './machine.ts';
import { type Intent, type Operation, operationsAtMost, type Payment } from './payment.ts';

/** An intent with its latest payment. */
export interface Journey {
  intent: Intent;
  payment: Payment | undefined;
}

/** Reads payments to decide on. A foreign merchant's is not found either. */
export interface Load {
  /** @throws Refusal `not_found`. */
  payment(merchantId: string, paymentId: string): Promise<Journey & { payment: Payment }>;
  /** @throws Refusal `not_found`. */
  intent(merchantId: string, intentId: string): Promise<Journey>;
}

/** Those who ask at once share a statement. */
export function makeLoad({ sql, clock }: { sql: RawSql; clock: Clock }): Load {
  const seams = { ...ofQuestions, clock, isOfOne: isOfOneRow };
  const read = together(seams, (which: readonly Which[]) => readJourneys(sql, which));
  return {
    async payment(merchantId, paymentId) {
      const { intent, payment } = (await read({ merchantId, paymentId })) ?? {};
      if (!intent || !payment) throw new Refusal('not_found', 'No such payment.');
      return { intent, payment };
    },
    async intent(merchantId, intentId) {
      const found = await read({ merchantId, intentId });
      if (!found) throw new Refusal('not_found', 'No such payment intent.');
      return found;
    },
  };
}

type Which = { merchantId: string } & ({ paymentId: string } | { intentId: string });

/**
 * One statement and so one snapshot: a payment and its operations that do not belong together would be decided on. By
 * place; each is looked up by itself, however many the planner thinks there are.
 */
async function readJourneys(sql: RawSql, which: readonly Which[]): Promise<(Journey | undefined)[]> {
  const asked = which.map((one, n) => ({
    n,
    merchant_id: one.merchantId,
    payment_id: 'paymentId' in one ? one.paymentId : null,
    intent_id: 'intentId' in one ? one.intentId : null,
  }));
  const rows = await sql<JourneyRow[]>`
    SELECT a.n, to_json(t) AS intent, CASE WHEN p.id IS NOT NULL THEN to_json(p) END AS payment, (
      SELECT json_agg(o ORDER BY o.id) FROM (
        SELECT * FROM operations WHERE payment_id = p.id ORDER BY id LIMIT ${operationsAtMost + 1}) o) AS operations, (
      SELECT json_agg(e ORDER BY e.id) FROM (
        SELECT * FROM escalations WHERE payment_id = p.id ORDER BY id LIMIT 100) e) AS escalations
    FROM json_to_recordset(${JSON.stringify(asked)}::text::json)
      AS a (n int, merchant_id uuid, payment_id uuid, intent_id uuid)
    CROSS JOIN LATERAL (
      SELECT * FROM intents WHERE merchant_id = a.merchant_id AND id = coalesce(a.intent_id, (
        SELECT intent_id FROM payments WHERE id = a.payment_id AND merchant_id = a.merchant_id)) LIMIT 1) t
    LEFT JOIN LATERAL (
      SELECT * FROM payments WHERE id = a.payment_id AND merchant_id = a.merchant_id
      UNION ALL
      SELECT * FROM payments WHERE a.payment_id IS NULL
        AND intent_id = t.id AND attempt = t.attempts AND merchant_id = a.merchant_id
      LIMIT 1) p ON true`;
  const found: (Journey | undefined)[] = which.map(() => undefined);
  for (const row of rows) {
    const intent = intentOf(row.intent);
    found[row.n] = { intent, payment: row.payment ? paymentOf(row.payment, row, intent) : undefined };
  }
  return found;
}

function intentOf(row: IntentJson): Intent {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    amount: BigInt(row.amount),
    currency: row.currency,
    captureMethod: row.capture_method,
    description: row.description,
    reference: row.reference,
    receiptEmail: row.receipt_email,
    metadata: row.metadata,
    attempts: row.attempts,
    canceledAt: moment(row.canceled_at),
    cancellationReason: row.cancellation_reason,
    createdAt: new Date(row.created_at),
  };
}

function paymentOf(
  row: PaymentJson,
  { operations, escalations }: Pick<JourneyRow, 'operations' | 'escalations'>,
  intent: Intent,
): Payment {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    intentId: row.intent_id,
    attempt: row.attempt,
    state: row.state,
    version: row.version,
    currency: row.currency,
    amount: BigInt(row.amount),
    authorized: BigInt(row.authorized),
    captured: BigInt(row.captured),
    refunded: BigInt(row.refunded),
    refundReserved: BigInt(row.refund_reserved),
    chargedBack: BigInt(row.charged_back),
    stray: BigInt(row.stray),
    reconciled: row.reconciled === null ? null : BigInt(row.reconciled),
    captureMethod: intent.captureMethod,
    provider: row.provider,
    token: row.token,
    card: cardOf(row),
    fingerprint: row.fingerprint,
    verdictId: row.verdict_id,
    failureCode: row.failure_code,
    failureMessage: row.failure_message,
    untried: row.untried,
    returnUrl: row.return_url,
    review: row.review,
    queuedUntil: moment(row.queued_until),
    tryAt: moment(row.try_at),
    heldUntil: moment(row.held_until),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    operations: (operations ?? []).map(operationOf),
    escalations: (escalations ?? []).map(escalationOf),
  };
}

function cardOf({
  card_brand: brand,
  card_last4: last4,
  card_exp_month: expMonth,
  card_exp_year: expYear,
}: PaymentJson) {
  return brand === null || last4 === null || expMonth === null || expYear === null
    ? null
    : { brand, last4, expMonth, expYear };
}

function operationOf(row: OperationJson): Operation {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    provider: row.provider,
    amount: BigInt(row.amount),
    request: row.request,
    step: row.step,
    sends: row.sends,
    sentAt: new Date(row.sent_at),
    sendBefore: new Date(row.send_before),
    openedAt: new Date(row.opened_at),
    closedAt: moment(row.closed_at),
    providerRef: row.provider_ref,
    fee: row.fee === null ? null : BigInt(row.fee),
    code: row.code,
    message: row.message,
    reason: row.reason,
    note: row.note,
    against: row.against,
    targetRef: row.target_ref,
    challengeUrl: row.challenge_url,
    isForeign: row.is_foreign,
    inquiries: row.inquiries,
    askedAt: new Date(row.asked_at),
    askAt: null,
  };
}

function moment(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

interface JourneyRow {
  n: number;
  intent: IntentJson;
  payment: PaymentJson | null;
  operations: OperationJson[] | null;
  escalations: EscalationJson[] | null;
}

interface IntentJson {
  id: string;
  merchant_id: string;
  amount: number;
  currency: Currency;
  capture_method: CaptureMethod;
  description: string | null;
  reference: string | null;
  receipt_email: string | null;
  metadata: Record<string, string>;
  attempts: number;
  canceled_at: string | null;
  cancellation_reason: string | null;
  created_at: string;
}

interface PaymentJson {
  id: string;
  merchant_id: string;
  intent_id: string;
  attempt: number;
  state: PaymentState;
  version: number;
  currency: Currency;
  amount: number;
  authorized: number;
  captured: number;
  refunded: number;
  refund_reserved: number;
  charged_back: number;
  stray: number;
  reconciled: number | null;
  provider: string | null;
  token: string | null;
  card_brand: string | null;
  card_last4: string | null;
  card_exp_month: number | null;
  card_exp_year: number | null;
  fingerprint: string | null;
  verdict_id: string | null;
  failure_code: string | null;
  failure_message: string | null;
  untried: string[];
  return_url: string | null;
  review: Payment['review'];
  queued_until: string | null;
  try_at: string | null;
  held_until: string | null;
  created_at: string;
  updated_at: string;
}

interface OperationJson {
  id: string;
  kind: Operation['kind'];
  status: Operation['status'];
  provider: string;
  amount: number;
  request: Operation['request'];
  step: number;
  sends: number;
  sent_at: string;
  send_before: string;
  opened_at: string;
  closed_at: string | null;
  provider_ref: string | null;
  fee: number | null;
  code: string | null;
  message: string | null;
  reason: string | null;
  note: string | null;
  against: string | null;
  target_ref: string | null;
  challenge_url: string | null;
  is_foreign: boolean;
  inquiries: number;
  asked_at: string;
}
