'use client';

import type { DifferenceCan, ShownDifference } from '#server/trpc/reconciliation-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { MoneyDialog } from '../payment/money-dialog.tsx';
import { useAct } from '../payment/use-act.ts';
import { SecondPerson } from '../second-person.tsx';
import { apart } from './apart.ts';
import { signed } from './signed-amount.tsx';

const ownWords =
  'This is your own proposal, so a second person has to confirm it: an owner or somebody from finance, signed in as ' +
  'themselves. Until then nothing is changed.';

/** What a second person may do with the proposal of the first. */
export function ProposalActs({ difference, can }: { difference: ShownDifference; can: DifferenceCan }) {
  const proposedAt = difference.proposal?.at;
  const client = useTRPCClient();
  const { busy, failure, send } = useAct(client.differences.withdraw.mutate, undefined, () => {});
  return (
    <SecondPerson
      ownWords={ownWords}
      can={{ own: can.own, decide: can.end, withdraw: can.withdraw && proposedAt !== undefined, confirm: can.confirm }}
      withdraw={{ busy, failure, send: () => proposedAt && send({ id: difference.id, proposedAt }) }}
      confirmWords={confirmWords(difference)}
      dialog={(close) => <ConfirmDialog difference={difference} onClose={close} />}
    />
  );
}

function confirmWords({ proposal }: ShownDifference): string {
  return proposal?.to === 'written_off' ? 'Confirm and write off' : 'Confirm and match';
}

function ConfirmDialog({ difference, onClose }: { difference: ShownDifference; onClose: () => void }) {
  const { id, proposal, currency } = difference;
  const client = useTRPCClient();
  const act = useAct(client.differences.confirm.mutate, undefined, onClose);
  if (!proposal) return null;
  const money = signed(apart(difference) ?? 0n, currency);
  const does =
    proposal.to === 'written_off'
      ? `${money} is written off: it stays between the books, and nobody is asked to look after it any more.`
      : `The line of ${money} is matched with the operation that ${proposal.by} named, and posted as that.`;
  return (
    <MoneyDialog
      title={confirmWords(difference)}
      sentence={`${does} That is what ${proposal.by} proposed, and what you confirm with your own name.`}
      action={confirmWords(difference)}
      busy={act.busy}
      ready
      failure={act.failure}
      onClose={onClose}
      onSend={() => act.send({ id, proposedAt: proposal.at })}
    >
      <p className="text-13 text-ink-muted">Look at both sides yourself first. This cannot be taken back.</p>
    </MoneyDialog>
  );
}
