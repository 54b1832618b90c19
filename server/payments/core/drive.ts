import { showId } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { inSpan } from '#server/observability/trace.ts';
import type { Order } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Room } from '../room.ts';
import { again } from './again.ts';
import type { Because, Change } from './change.ts';
import { type Draft, decideOutcome } from './decide-outcome.ts';
import { loadPayment } from './load.ts';
import { type Operation, type Payment, providerRef } from './payment.ts';

/** How long a send may stay on its way before the vault refuses to let it leave. */
const sendWindow = 20_000;

/**
 * Carries a payment's opened operation to its answer, and what follows from that answer to its own: call, commit, call,
 * commit, with no transaction open during a call. A crash anywhere leaves a row that says what to ask next.
 *
 * @returns  The payment as it is when nothing is left to send: final, waiting for a person, or with an unknown answer.
 */
export async function drive(room: Room, payment: Payment, opened: Operation | undefined): Promise<Payment> {
  let current = payment;
  let operation = opened;
  while (operation) {
    const outcome = await send(room, current, operation);
    const next = await record(room, { payment: current, operationId: operation.id, outcome, cause: 'answer' });
    current = next.payment;
    operation = next.opened;
  }
  return current;
}

/** What somebody has told us about an operation of a payment. */
export interface Report {
  payment: Payment;
  operationId: string;
  outcome: Outcome;
  /** `answer`, `inquiry`, `webhook` or `settlement`. */
  cause: string;
}

/**
 * The one throat: every outcome, whoever tells it, is decided and committed here. Compare-and-swap like everybody else;
 * a payment that moved in the meantime is read and decided again.
 */
export async function record(room: Room, report: Report): Promise<{ payment: Payment; opened: Operation | undefined }> {
  const { operationId, outcome, cause } = report;
  let known: Payment | undefined = report.payment;
  return again(async () => {
    const payment = known ?? (await loadPayment(room.sql, report.payment.merchantId, report.payment.id)).payment;
    known = undefined;
    const operation = payment.operations.find(({ id }) => id === operationId);
    invariant(operation, 'an outcome belongs to an operation of its payment');
    const because: Because = { cause, actor: { kind: 'provider', id: operation.provider } };
    const change = decideOutcome(payment, operation, outcome, { at: room.clock.now(), draft: drafter(room), because });
    if (!change) return { payment, opened: undefined };
    return { payment: await committed(room, change, outcome), opened: change.opened[0] };
  });
}

async function committed(room: Room, change: Change, outcome: Outcome): Promise<Payment> {
  const payment = await room.commit(change);
  const { state, version, id, intentId } = payment;
  room.log.info({ payment: id, intent: intentId, state, version, outcome: outcome.kind }, 'outcome recorded');
  return payment;
}

function send(room: Room, payment: Payment, operation: Operation): Promise<Outcome> {
  const { provider, kind } = operation;
  return inSpan('provider.send', { payment: payment.id, operation: operation.id, provider, kind }, () =>
    room.providers.send(provider, orderOf(payment, operation), {
      request: operation.request,
      send: operation.sends,
      sendBefore: operation.sendBefore,
      ...(kind === 'authorize' && payment.token ? { token: payment.token } : {}),
    }),
  );
}

/** Drafts an operation: its id, its request with placeholders, its first send, all to be committed before it leaves. */
export function draft(
  room: Room,
  payment: Payment,
  wanted: Pick<Operation, 'kind' | 'provider' | 'amount'> & Partial<Pick<Operation, 'reason' | 'note'>>,
): Operation {
  const now = room.clock.now();
  const bare = {
    ...wanted,
    id: room.ids(),
    status: 'open' as const,
    step: 1,
    sends: 1,
    sentAt: now,
    openedAt: now,
    sendBefore: new Date(now.getTime() + sendWindow),
    closedAt: null,
    providerRef: null,
    fee: null,
    code: null,
    message: null,
    reason: wanted.reason ?? null,
    note: wanted.note ?? null,
    request: { method: '', path: '' },
  };
  return { ...bare, request: room.providers.request(wanted.provider, orderOf(payment, bare)) };
}

/** Drafts what follows from an answer: a capture of all that is authorised, or the void that compensates. */
function drafter(room: Room): Draft {
  return (kind, payment, amount = payment.authorized) => {
    invariant(payment.provider, 'a payment that a provider answered has a provider');
    const reason = kind === 'void' ? 'capture_refused' : null;
    return draft(room, payment, { kind, provider: payment.provider, amount, reason });
  };
}

export function orderOf(payment: Payment, operation: Operation): Order {
  invariant(operation.kind !== 'cancel', 'a cancel is not sent as an order');
  const authorizationRef = providerRef(payment, 'authorize');
  const captureRef = providerRef(payment, 'capture');
  return {
    operation: operation.id,
    step: operation.step,
    kind: operation.kind,
    payment: payment.id,
    merchantId: payment.merchantId,
    intentId: payment.intentId,
    amount: operation.amount,
    currency: payment.currency,
    reference: showId('payment', payment.id),
    ...(authorizationRef === null ? {} : { authorizationRef }),
    ...(captureRef === null ? {} : { captureRef }),
  };
}
