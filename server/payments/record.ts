import type { Claim } from '#server/idempotency/claim.ts';
import { invariant } from '#server/kernel/invariant.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Because, Change } from './core/change.ts';
import { decideOutcome } from './core/decide-outcome.ts';
import { draft } from './core/draft.ts';
import { type Escalation, isUnclosed, type Operation, type Payment } from './core/payment.ts';
import type { Onward, Told } from './core/told.ts';
import type { Room } from './room.ts';

/** What somebody has told us about an operation of a payment. */
export interface Report {
  payment: Payment;
  operationId: string;
  outcome: Outcome;
  /** By what mouth: the provider's reply to what was sent, or to an inquiry; its webhook or settlement file. */
  cause: 'answer' | 'inquiry' | 'webhook' | 'settlement';
  /** Of a reply: the number of the send that it answers. Of an inquiry: of the last one when it was asked. */
  send?: number;
}

/** What two people have found out about an operation. */
export interface FoundOut {
  payment: Payment;
  operationId: string;
  actor: Because['actor'];
  claim: Claim | undefined;
  /** Their escalation as it will be, and the outcome that it comes to. Asked again on a payment that has moved on. */
  settle(payment: Payment, operation: Operation): { escalation: Escalation; outcome: Outcome };
}

/** The payment as it is then, and the operation that follows from what was told: it still has to be sent. */
export interface Recorded {
  payment: Payment;
  opened: Operation | undefined;
  /** False where it was known already. */
  news: boolean;
}

/** Records what a provider says. */
export function record(room: Room, report: Report): Promise<Recorded> {
  const { outcome, cause } = report;
  return enter(room, report, ({ provider }) => ({
    outcome,
    because: { cause, actor: { kind: 'provider', id: provider } },
  }));
}

/** Records what two people found, as if its provider had said so; it closes their escalation. */
export function recordFinding(room: Room, found: FoundOut): Promise<Recorded> {
  const { actor, claim } = found;
  return enter(room, found, (operation, payment) => {
    const { escalation: settles, outcome } = found.settle(payment, operation);
    return { outcome, settles, claim, because: { cause: 'escalation', actor } };
  });
}

interface Word {
  outcome: Outcome;
  because: Because;
  settles?: Escalation;
  claim?: Claim | undefined;
}

/**
 * The one throat: every outcome, whoever tells it, is decided and committed here. Compare-and-swap like everybody else;
 * a payment that moved in the meantime is read and decided again.
 */
function enter(
  room: Room,
  of: { payment: Payment; operationId: string; send?: number },
  say: (operation: Operation, payment: Payment) => Word,
): Promise<Recorded> {
  const { merchantId, id } = of.payment;
  let known: Payment | undefined = of.payment;
  return room.again(id, async () => {
    const payment = known ?? (await room.load.payment(merchantId, id)).payment;
    known = undefined;
    const operation = payment.operations.find((one) => one.id === of.operationId);
    invariant(operation, 'an outcome belongs to an operation of its payment');
    const { outcome, because, settles, claim } = say(operation, payment);
    const nothing = { payment, opened: undefined, news: false };
    if (isOvertaken(operation, outcome, of.send)) return nothing;
    const takesBack = await refundPosting(room, operation, outcome);
    const told = { ...tellable(room, operation.provider), because, ...(settles && { settles }), takesBack };
    const change = decideOutcome(payment, operation, outcome, told);
    if (!change) return nothing;
    if (!isUnclosed(operation)) complain(room, payment, operation);
    if (settles) change.claimed(claim, { kind: 'escalation', id: settles.id });
    return { payment: await committed(room, change, outcome), opened: change.opened[0], news: true };
  });
}

/** What a refund's coming back takes back in the ledger. */
async function refundPosting(room: Room, { id, kind, status }: Operation, outcome: Outcome): Promise<string | null> {
  if (kind !== 'refund' || status !== 'accepted' || outcome.kind !== 'refused') return null;
  const [row] = await room.sql<{ id: string }[]>`
    SELECT x.id FROM operations o
    JOIN events e ON e.payment_id = o.payment_id AND e.operation_id = o.id
    JOIN postings x ON x.payment_id = e.payment_id AND x.seq = e.seq AND x.kind = 'refund'
    WHERE o.id = ${id} LIMIT 1`;
  return row?.id ?? null;
}

/** What is said of the request and not of the money: that this one send was not taken, or not let out. */
const ofTheSend = ['token_unusable', 'verification_code_gone'];

/**
 * An earlier send did nothing, or had not arrived when it was asked about, and by now a later one is on its way that
 * may have done it: nothing is known.
 */
function isOvertaken({ sends }: Operation, outcome: Outcome, send = sends): boolean {
  if (send >= sends) return false;
  if (outcome.kind === 'refused') return ofTheSend.includes(outcome.code);
  return outcome.kind === 'not_taken' || outcome.kind === 'absent';
}

/** What may follow from an answer of this provider: time, ids, drafts, and where to go on, as of now. */
export function tellable(room: Room, provider: string): Omit<Told, 'because'> {
  return {
    at: room.clock.now(),
    newId: room.ids,
    draft: (wanted, payment) => draft(room, payment, wanted),
    onward: (payment) => onward(room, payment),
    queueFor: room.queueFor,
    holdFor: () => room.providers.capabilities(provider).authorizationLifetime,
  };
}

/** The first provider of what is left of the plan that takes charges now. */
function onward(room: Room, { untried }: Payment): Onward | undefined {
  const stopped = room.providers.health().filter(({ charges }) => charges === 'open');
  const [provider, ...rest] = untried.filter((name) => !stopped.some((one) => one.name === name));
  return provider === undefined ? undefined : { provider, untried: rest };
}

async function committed(room: Room, change: Change, outcome: Outcome): Promise<Payment> {
  const payment = await room.commit(change);
  const { state, version, id, intentId } = payment;
  room.log.info({ payment: id, intent: intentId, state, version, outcome: outcome.kind }, 'outcome recorded');
  return payment;
}

function complain(room: Room, payment: Payment, { id, kind, status }: Operation): void {
  const fields = { payment: payment.id, intent: payment.intentId, operation: id, kind, status, amount: payment.stray };
  room.log.error(fields, 'a provider says yes to an operation that was closed: somebody has to look after the money');
}
