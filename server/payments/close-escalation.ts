import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Change } from './core/change.ts';
import { confirmed, decideProposal, decideSettled, decideWithdrawal, outcomeOf } from './core/decide-escalation.ts';
import { drive } from './core/drive.ts';
import type { Escalation, Operation, Payment } from './core/payment.ts';
import { escalation as read } from './escalations.ts';
import type { CloseInput, ProposeInput } from './payments.ts';
import { recordFinding } from './record.ts';
import type { Room } from './room.ts';
import type { EscalationView, Person } from './view.ts';

/** One person's finding. It changes no money: a second one has to confirm it. */
export async function proposeClose(room: Room, caller: Caller, input: ProposeInput): Promise<EscalationView> {
  const by = personOf(caller);
  const { escalationId, finding, reason, providerRef: foundRef = null } = input;
  const proposal = { finding, reason: reason.trim(), foundRef, by, at: room.clock.now() };
  const because = { cause: 'escalation', actor: actorOf(caller) };
  await moved(room, caller, input, (payment, open) => decideProposal(payment, open, proposal, because));
  return read(room.sql, caller, escalationId);
}

/** Takes a proposal back: its author, or a second person who found otherwise. */
export async function withdrawClose(room: Room, caller: Caller, input: CloseInput): Promise<EscalationView> {
  personOf(caller);
  const because = { cause: 'escalation', actor: actorOf(caller) };
  await moved(room, caller, input, (payment, open) =>
    decideWithdrawal(payment, open, { proposedAt: input.proposedAt, because }),
  );
  return read(room.sql, caller, input.escalationId);
}

/**
 * The second person's yes. What was found becomes an outcome like any other and goes through the one throat; what
 * follows from it is sent.
 */
export async function confirmClose(room: Room, caller: Caller, input: CloseInput): Promise<EscalationView> {
  const { escalationId, proposedAt, claim } = input;
  const by = personOf(caller);
  const { payment, escalation: open } = await found(room, caller, escalationId);
  const closing = (one: Escalation) => confirmed(one, { by, at: room.clock.now(), proposedAt });
  const actor = actorOf(caller);
  if (open.kind === 'unanswered') {
    invariant(open.operationId, 'what has no answer is an operation');
    const { currency } = payment;
    const settle = (current: Payment, operation: Operation) => {
      const escalation = closing(openOf(current, escalationId));
      return { escalation, outcome: outcomeOf(escalation, operation, currency) };
    };
    const recorded = await recordFinding(room, { payment, operationId: open.operationId, actor, claim, settle });
    await drive(room, recorded.payment, recorded.opened);
  } else {
    const because = { cause: 'escalation', actor };
    await moved(room, caller, input, (current, one) => decideSettled(current, closing(one), because));
  }
  return read(room.sql, caller, escalationId);
}

type Decide = (payment: Payment, open: Escalation) => Change;

async function moved(
  room: Room,
  caller: Caller,
  input: Pick<CloseInput, 'escalationId' | 'claim'>,
  decide: Decide,
): Promise<void> {
  const { escalationId, claim } = input;
  const { paymentId } = await read(room.sql, caller, escalationId);
  await room.again(paymentId, async () => {
    const { payment, escalation } = await found(room, caller, escalationId);
    return room.commit(decide(payment, escalation).claimed(claim, { kind: 'escalation', id: escalationId }));
  });
}

/** @throws Refusal `not_found`, `illegal_move` where it is closed. */
async function found(room: Room, caller: Caller, escalationId: string) {
  const { paymentId } = await read(room.sql, caller, escalationId);
  const { payment } = await room.load.payment(caller.merchantId, paymentId);
  return { payment, escalation: openOf(payment, escalationId) };
}

/** @throws Refusal `illegal_move` where it is closed. */
function openOf({ escalations }: Payment, escalationId: string): Escalation {
  const escalation = escalations.find(({ id }) => id === escalationId);
  invariant(escalation, 'an escalation is one of its payment');
  if (escalation.closed) throw new Refusal('illegal_move', 'This escalation is closed already.');
  return escalation;
}

/** @throws Refusal `forbidden`: who answers for money is a person, not a key. */
function personOf(caller: Caller): Person {
  requirePermission(caller, 'escalations:close');
  if (caller.kind !== 'staff') throw new Refusal('forbidden', 'An escalation is closed by two people, in the console.');
  return { staffId: caller.staffId, name: caller.name };
}
