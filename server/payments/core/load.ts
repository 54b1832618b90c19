import type { RawSql } from '#db/client.ts';
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

/** @throws Refusal `not_found`; a foreign merchant's payment is not found either. */
export async function loadPayment(
  sql: RawSql,
  merchantId: string,
  paymentId: string,
): Promise<Journey & { payment: Payment }> {
  const { intent, payment } = await journey(
    sql,
    merchantId,
    sql`
    SELECT id, intent_id FROM payments WHERE id = ${paymentId} AND merchant_id = ${merchantId}`,
  );
  if (!intent || !payment) throw new Refusal('not_found', 'No such payment.');
  return { intent, payment };
}

/** @throws Refusal `not_found`; a foreign merchant's intent is not found either. */
export async function loadIntent(sql: RawSql, merchantId: string, intentId: string): Promise<Journey> {
  const { intent, payment } = await journey(
    sql,
    merchantId,
    sql`
    SELECT p.id, t.id AS intent_id FROM intents t LEFT JOIN payments p ON p.intent_id = t.id AND p.attempt = t.attempts
    WHERE t.id = ${intentId} AND t.merchant_id = ${merchantId}`,
  );
  if (!intent) throw new Refusal('not_found', 'No such payment intent.');
  return { intent, payment };
}

/** One statement and so one snapshot: a payment and its operations that do not belong together would be decided on. */
async function journey(sql: RawSql, merchantId: string, which: ReturnType<RawSql>) {
  const [row] = await sql<JourneyRow[]>`
    WITH which AS (${which})
    SELECT to_json(t) AS intent, to_json(p) AS payment, (
      SELECT json_agg(o ORDER BY o.id) FROM (
        SELECT * FROM operations WHERE payment_id = p.id ORDER BY id LIMIT ${operationsAtMost + 1}) o) AS operations, (
      SELECT json_agg(e ORDER BY e.id) FROM (
        SELECT * FROM escalations WHERE payment_id = p.id ORDER BY id LIMIT 100) e) AS escalations
    FROM which JOIN intents t ON t.id = which.intent_id AND t.merchant_id = ${merchantId}
    LEFT JOIN payments p ON p.id = which.id AND p.merchant_id = ${merchantId}`;
  if (!row) return { intent: undefined, payment: undefined };
  const intent = intentOf(row.intent);
  return { intent, payment: row.payment ? paymentOf(row.payment, row, intent) : undefined };
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
