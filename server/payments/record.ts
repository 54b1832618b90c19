import type { Claim } from '#server/idempotency/claim.ts';
import { invariant } from '#server/kernel/invariant.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Because, Change } from './core/change.ts';
import { decideOutcome } from './core/decide-outcome.ts';
import { draft } from './core/draft.ts';
import { loadPayment } from './core/load.ts';
import { type Escalation, isUnclosed, type Operation, type Payment } from './core/payment.ts';
import type { Onward, Told } from './core/told.ts';
import type { Room } from './room.ts';

/** What somebody has told us about an operation of a payment. */
export interface Report {
  payment: Payment;
  operationId: string;
  outcome: Outcome;
  /**
   * By what mouth: the provider's reply to what was sent, or to an inquiry; its webhook or settlement file; two people.
   */
  cause: 'answer' | 'inquiry' | 'webhook' | 'settlement' | 'escalation';
  /** Of a reply: the number of the send that it answers. */
  send?: number;
  /** The escalation that is closed with it, as it will be, and who closes it. */
  settles?: { escalation: Escalation; actor: Because['actor']; claim?: Claim | undefined };
}

/** The payment as it is then, and the operation that follows from what was told: it still has to be sent. */
export interface Recorded {
  payment: Payment;
  opened: Operation | undefined;
  /** False where it was known already. */
  news: boolean;
}

/**
 * The one throat: every outcome, whoever tells it, is decided and committed here. Compare-and-swap like everybody else;
 * a payment that moved in the meantime is read and decided again.
 */
export async function record(room: Room, report: Report): Promise<Recorded> {
  const { operationId, outcome, cause, settles } = report;
  let known: Payment | undefined = report.payment;
  return room.again(report.payment.id, async () => {
    const payment = known ?? (await loadPayment(room.sql, report.payment.merchantId, report.payment.id)).payment;
    known = undefined;
    const operation = payment.operations.find(({ id }) => id === operationId);
    invariant(operation, 'an outcome belongs to an operation of its payment');
    if (isOvertaken(operation, report)) return { payment, opened: undefined, news: false };
    const actor = settles?.actor ?? { kind: 'provider', id: operation.provider };
    const told = { ...tellable(room, operation.provider), because: { cause, actor } };
    const change = decideOutcome(payment, operation, outcome, {
      ...told,
      ...(settles && { settles: settles.escalation }),
    });
    if (!change) return { payment, opened: undefined, news: false };
    if (!isUnclosed(operation)) complain(room, payment, operation);
    if (settles) change.claimed(settles.claim, { kind: 'escalation', id: settles.escalation.id });
    return { payment: await committed(room, change, outcome), opened: change.opened[0], news: true };
  });
}

/** What is said of the request and not of the money: that this one send was not taken, or not let out. */
const ofTheSend = ['token_unusable', 'verification_code_gone'];

/** An earlier send did nothing, and by now a later one is on its way that may have done it: nothing is known. */
function isOvertaken({ sends }: Operation, { send = sends, outcome }: Report): boolean {
  if (send >= sends) return false;
  return outcome.kind === 'not_taken' || (outcome.kind === 'refused' && ofTheSend.includes(outcome.code));
}

/** What may follow from an answer of this provider: time, ids, drafts, and where to go on, as of now. */
export function tellable(room: Room, provider: string): Omit<Told, 'because'> {
  return {
    at: room.clock.now(),
    newId: room.ids,
    draft: (wanted, payment) => draft(room, payment, wanted),
    onward: (payment) => onward(room, payment),
    queueFor: room.queueFor,
    holdFor: room.providers.capabilities(provider).authorizationLifetime,
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
