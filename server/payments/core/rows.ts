import type { EventRow } from '#server/events/append.ts';
import type { ClaimRow } from '#server/idempotency/claim.ts';
import type { Ids } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import type { PostingRow } from '#server/ledger/postings.ts';
import { verdictRow } from '#server/risk/append.ts';
import type { Change } from './change.ts';
import { isLive } from './machine.ts';
import type { Escalation, Operation } from './payment.ts';

/**
 * What a batch may carry beside its changes and their events; `cancels`: one ends its intent; `retries`: one is another
 * payment of an intent.
 */
export type Part =
  | 'claims'
  | 'verdicts'
  | 'postings'
  | 'touched'
  | 'operations'
  | 'escalations'
  | 'cancels'
  | 'retries';

/** A batch as the mover's statement takes it: one JSON array for each table, each row bound to its change by `n`. */
export interface BatchRows {
  /** How many changes. */
  size: number;
  carried: readonly Part[];
  changes: string;
  intents: string;
  operations: string;
  touched: string;
  events: string;
  postings: string;
  verdicts: string;
  claims: string;
  escalations: string;
}

/** Flattens changes for the statement. `n` is the place in the batch, `at` the one time of the whole commit. */
export function batchRows(changes: readonly Change[], { ids, at }: { ids: Ids; at: Date }): BatchRows {
  const carried: Part[] = [];
  const each = (rows: (change: Change, n: number) => Columns[]) => toJson(changes.flatMap(rows));
  const part = (name: Part, rows: (change: Change, n: number) => Columns[]) => {
    const all = changes.flatMap(rows);
    if (all.length > 0) carried.push(name);
    return toJson(all);
  };
  if (changes.some(({ cancels }) => cancels)) carried.push('cancels');
  if (changes.some(({ intent }) => intent && intent.attempts > 0)) carried.push('retries');
  return {
    size: changes.length,
    carried,
    changes: each((change, n) => [paymentRow(change, n, at)]),
    intents: each((change, n) => (change.intent ? [intentRow(change, n)] : [])),
    events: each((change, n) => eventRows(change, n, { ids, at })),
    operations: part('operations', (change, n) =>
      change.opened.map((operation) => openedRow(change, n, latest(change, operation))),
    ),
    touched: part('touched', (change, n) =>
      change.touched.map((operation) => ({ n, ...touchedRow(latest(change, operation)) })),
    ),
    postings: part('postings', (change, n) => postingRows(change, n, { ids, at })),
    verdicts: part('verdicts', (change, n) =>
      change.verdict ? [{ n, ...verdictRow(change.verdict, change.after, at) }] : [],
    ),
    claims: part('claims', (change, n) => claimRow(change, n, at)),
    escalations: part('escalations', (change, n) => change.escalations.map((one) => escalationRow(change, n, one))),
  };
}

function latest(change: Change, operation: Operation): Operation {
  return change.after.operations.find((one) => one.id === operation.id) ?? operation;
}

function paymentRow({ after, before, cancels }: Change, n: number, at: Date) {
  return {
    n,
    id: after.id,
    merchant_id: after.merchantId,
    intent_id: after.intentId,
    attempt: after.attempt,
    before,
    version: after.version,
    state: after.state,
    live: isLive(after.state),
    currency: after.currency,
    amount: String(after.amount),
    authorized: String(after.authorized),
    captured: String(after.captured),
    refunded: String(after.refunded),
    refund_reserved: String(after.refundReserved),
    charged_back: String(after.chargedBack),
    stray: String(after.stray),
    reconciled: text(after.reconciled),
    provider: after.provider ?? undefined,
    token: after.token ?? undefined,
    card_brand: after.card?.brand,
    card_last4: after.card?.last4,
    card_exp_month: after.card?.expMonth,
    card_exp_year: after.card?.expYear,
    fingerprint: after.fingerprint ?? undefined,
    verdict_id: after.verdictId ?? undefined,
    failure_code: after.failureCode ?? undefined,
    failure_message: after.failureMessage ?? undefined,
    untried: after.untried,
    return_url: after.returnUrl ?? undefined,
    review: after.review ?? undefined,
    queued_until: after.queuedUntil ?? undefined,
    try_at: after.tryAt ?? undefined,
    held_until: after.heldUntil ?? undefined,
    at,
    cancels: cancels?.reason,
  };
}

function intentRow({ intent }: Change, n: number) {
  invariant(intent, 'a birth names its intent');
  return {
    n,
    id: intent.id,
    merchant_id: intent.merchantId,
    amount: String(intent.amount),
    currency: intent.currency,
    capture_method: intent.captureMethod,
    description: intent.description ?? undefined,
    reference: intent.reference ?? undefined,
    receipt_email: intent.receiptEmail ?? undefined,
    metadata: intent.metadata,
    attempts: intent.attempts,
    created_at: intent.createdAt,
  };
}

function openedRow({ after }: Change, n: number, operation: Operation) {
  return {
    n,
    payment_id: after.id,
    merchant_id: after.merchantId,
    kind: operation.kind,
    provider: operation.provider,
    amount: String(operation.amount),
    currency: after.currency,
    request: operation.request,
    opened_at: operation.openedAt,
    reason: operation.reason ?? undefined,
    note: operation.note ?? undefined,
    against: operation.against ?? undefined,
    target_ref: operation.targetRef ?? undefined,
    is_foreign: operation.isForeign,
    ...touchedRow(operation),
  };
}

function touchedRow(operation: Operation) {
  return {
    id: operation.id,
    status: operation.status,
    step: operation.step,
    sends: operation.sends,
    sent_at: operation.sentAt,
    send_before: operation.sendBefore,
    closed_at: operation.closedAt ?? undefined,
    provider_ref: operation.providerRef ?? undefined,
    fee: text(operation.fee),
    code: operation.code ?? undefined,
    message: operation.message ?? undefined,
    challenge_url: operation.challengeUrl ?? undefined,
    ask_at: operation.askAt ?? undefined,
  };
}

function eventRows(change: Change, n: number, { ids, at }: { ids: Ids; at: Date }): Written<EventRow>[] {
  return change.steps.map((step, index) => ({
    n,
    payment_id: change.after.id,
    seq: change.before + index + 1,
    id: ids(),
    merchant_id: change.after.merchantId,
    from_state: step.from ?? undefined,
    trigger: step.trigger,
    to_state: step.to,
    cause: change.because.cause,
    actor_kind: change.because.actor.kind,
    actor_id: change.because.actor.id ?? undefined,
    operation_id: step.operationId ?? undefined,
    amount: text(step.amount),
    data: step.data,
    at,
  }));
}

function postingRows(change: Change, n: number, { ids, at }: { ids: Ids; at: Date }): Written<PostingRow>[] {
  return change.postings.map(({ step, ...posting }) => ({
    ...posting,
    amount: String(posting.amount),
    n,
    id: ids(),
    merchant_id: change.after.merchantId,
    payment_id: change.after.id,
    seq: change.before + step,
    currency: change.after.currency,
    provider: change.after.provider ?? '',
    at,
  }));
}

function escalationRow({ after }: Change, n: number, escalation: Escalation) {
  const { proposal, closed } = escalation;
  return {
    n,
    id: escalation.id,
    merchant_id: after.merchantId,
    payment_id: after.id,
    operation_id: escalation.operationId,
    kind: escalation.kind,
    at_risk: String(escalation.atRisk),
    currency: after.currency,
    evidence: escalation.evidence,
    opened_at: escalation.openedAt,
    finding: proposal?.finding ?? null,
    reason: proposal?.reason ?? null,
    found_ref: proposal?.foundRef ?? null,
    proposed_by: proposal?.by.staffId ?? null,
    proposed_by_name: proposal?.by.name ?? null,
    proposed_at: proposal?.at ?? null,
    closed_how: closed?.how ?? null,
    closed_by: closed?.by?.staffId ?? null,
    closed_by_name: closed?.by?.name ?? null,
    closed_at: closed?.at ?? null,
  };
}

function claimRow({ claim }: Change, n: number, at: Date): Written<ClaimRow>[] {
  if (!claim) return [];
  const { merchantId, key, fingerprint, subject, request, answer } = claim;
  return [
    {
      n,
      merchant_id: merchantId,
      key,
      fingerprint: fingerprint.toString('hex'),
      subject_kind: subject.kind,
      subject_id: subject.id,
      claimed_at: at,
      request,
      ...(answer && { answered_at: at, status: answer.status, body: answer.body }),
    },
  ];
}

/**
 * A row as JSON takes it: amounts as text, which PostgreSQL reads exactly. A bigint in a column does not compile. A
 * column that is null is left out: PostgreSQL reads it so, and has less to read.
 */
type Columns = Record<string, string | number | boolean | object | null | undefined>;
type Written<Row> = {
  [Column in keyof Row]:
    | (bigint extends Row[Column] ? Exclude<Row[Column], bigint> | string : Row[Column])
    | (null extends Row[Column] ? undefined : never);
};

function text(amount: bigint | null): string | undefined {
  return amount === null ? undefined : String(amount);
}

/**
 * A bigint within what a provider said is found the slow way, which for all rows took a tenth of the process's time.
 */
function toJson(rows: Columns[]): string {
  try {
    return JSON.stringify(rows);
  } catch {
    return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  }
}
