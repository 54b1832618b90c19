'use client';

import { formatMoney } from '#server/kernel/money.ts';
import type { EscalationCan, ShownEscalation } from '#server/trpc/escalation-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { MoneyDialog } from '../payment/money-dialog.tsx';
import { useAct } from '../payment/use-act.ts';
import { SecondPerson } from '../second-person.tsx';
import { findingWords } from './escalation-words.ts';

const ownWords =
  'This is your own finding, so a second person has to confirm it: an owner or somebody from finance, signed in as ' +
  'themselves. Until then nothing is recorded.';

/** What a second person may do with the finding of the first. */
export function ProposalActs({ escalation, can }: { escalation: ShownEscalation; can: EscalationCan }) {
  const proposedAt = escalation.proposal?.at;
  const client = useTRPCClient();
  const { busy, failure, send } = useAct(client.escalations.withdraw.mutate, undefined, () => {});
  return (
    <SecondPerson
      ownWords={ownWords}
      can={{
        own: can.own,
        decide: can.close,
        withdraw: can.withdraw && proposedAt !== undefined,
        confirm: can.confirm,
      }}
      withdraw={{ busy, failure, send: () => proposedAt && send({ id: escalation.id, proposedAt }) }}
      confirmWords="Confirm and close"
      dialog={(close) => <ConfirmDialog escalation={escalation} onClose={close} />}
    />
  );
}

function ConfirmDialog({ escalation, onClose }: { escalation: ShownEscalation; onClose: () => void }) {
  const { id, atRisk, currency, proposal } = escalation;
  const client = useTRPCClient();
  const act = useAct(client.escalations.confirm.mutate, undefined, onClose);
  const found = proposal && findingWords(escalation)[proposal.finding];
  if (!found) return null;
  return (
    <MoneyDialog
      title="Confirm and close"
      sentence={`${found.says}: that is what ${proposal.by} found about ${formatMoney({ amount: atRisk, currency })}, and what you confirm with your own name. ${found.follows}`}
      action="Confirm and close"
      busy={act.busy}
      ready
      failure={act.failure}
      onClose={onClose}
      onSend={() => act.send({ id, proposedAt: proposal.at })}
    >
      <p className="text-13 text-ink-muted">Look at the provider yourself first. This cannot be taken back.</p>
    </MoneyDialog>
  );
}
