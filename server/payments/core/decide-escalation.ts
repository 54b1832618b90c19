import type { Currency } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { postRelease } from '#server/ledger/postings.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Finding, Person } from '../view.ts';
import { type Because, Change } from './change.ts';
import { type Escalation, type Operation, type Payment, unclosedMove } from './payment.ts';

/** The least that a reason says: what was found, and where. */
const reasonAtLeast = 10;

/** What two people may find about each kind. */
const findingsOf: Record<Escalation['kind'], readonly Finding[]> = {
  unanswered: ['took_place', 'did_not'],
  stray: ['did_not', 'settled_otherwise'],
  stuck: ['settled_otherwise'],
  undone: ['settled_otherwise'],
};

type Proposal = NonNullable<Escalation['proposal']>;

/** @throws Refusal where the finding does not fit, says too little, or another one is proposed already. */
export function decideProposal(payment: Payment, open: Escalation, proposal: Proposal, because: Because): Change {
  if (open.proposal) {
    throw new Refusal('illegal_move', `${open.proposal.by.name} has proposed a finding. Confirm it, or take it back.`);
  }
  if (!findingsOf[open.kind].includes(proposal.finding)) {
    throw new Refusal('invalid_input', 'This finding does not fit this escalation.', { param: 'finding' });
  }
  if (proposal.reason.length < reasonAtLeast) {
    throw new Refusal('invalid_input', 'Say in ten characters or more what you found, and where.', { param: 'reason' });
  }
  if (open.kind === 'unanswered' && proposal.finding === 'took_place' && !proposal.foundRef) {
    throw new Refusal('invalid_input', "Name the provider's own id of what took place.", { param: 'provider_ref' });
  }
  const { finding, reason } = proposal;
  return new Change(payment, because).escalation({ ...open, proposal }, 'escalation_proposed', { finding, reason });
}

export function decideWithdrawal(payment: Payment, open: Escalation, { proposedAt, because }: Meant): Change {
  const { finding, by } = meant(open, proposedAt);
  const data = { finding, proposed_by: by.name };
  return new Change(payment, because).escalation({ ...open, proposal: null }, 'escalation_withdrawn', data);
}

interface Meant {
  proposedAt: Date;
  because: Because;
}

/** The finding that a person has looked at. @throws Refusal `illegal_move` where it is not the one that waits now. */
function meant({ proposal }: Escalation, proposedAt: Date): Proposal {
  if (!proposal) throw new Refusal('illegal_move', 'No finding waits for a second person. Look again.');
  if (proposal.at.getTime() === proposedAt.getTime()) return proposal;
  throw new Refusal('illegal_move', 'Another finding has taken the place of the one that you looked at. Look again.');
}

/** @throws Refusal `second_person` for who proposed it. The database refuses the row too. */
export function confirmed(
  open: Escalation,
  { by, at, proposedAt }: { by: Person; at: Date; proposedAt: Date },
): Escalation {
  if (open.proposal?.by.staffId === by.staffId) {
    throw new Refusal('second_person', 'You proposed this. Another person has to look and confirm it.');
  }
  return { ...open, proposal: meant(open, proposedAt), closed: { how: 'confirmed', by, at } };
}

/** What two people found about an operation, as if its provider had said so. */
export function outcomeOf({ proposal, closed }: Escalation, { amount }: Operation, currency: Currency): Outcome {
  const found = { finding: proposal?.finding, reason: proposal?.reason, proposed_by: proposal?.by.name };
  const exchange = { milliseconds: 0, answer: { ...found, confirmed_by: closed?.by?.name } };
  if (proposal?.finding !== 'took_place') return { kind: 'absent', exchange };
  return { kind: 'accepted', providerRef: proposal.foundRef ?? '', amount, currency, exchange };
}

/**
 * Decides the end of an escalation that no answer will end: stray money was looked after, a hold let go of by hand, a
 * refund that came back paid out otherwise.
 */
export function decideSettled(payment: Payment, closed: Escalation, because: Because): Change {
  const change = new Change(payment, because);
  const { finding, reason } = closed.proposal ?? {};
  change.escalation(closed, 'escalation_closed', { how: 'confirmed', finding, reason });
  if (closed.kind === 'stray') {
    const stray = payment.stray - closed.atRisk;
    return change.set({ stray: stray < 0n ? 0n : stray });
  }
  if (closed.kind === 'undone') return change;
  if (unclosedMove(payment)) {
    throw new Refusal('operation_unclosed', 'This payment waits for an answer. Look at it again in a moment.');
  }
  if (payment.state !== 'authorized' && payment.state !== 'capture_pending') return change;
  return change.move('void').set({ heldUntil: null }).post(postRelease(payment.authorized));
}
