'use client';

import { useState } from 'react';
import { formatMoney } from '#server/kernel/money.ts';
import type { EscalationCan, ShownEscalation } from '#server/trpc/escalation-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNote } from '../payment/failure-note.tsx';
import { MoneyDialog } from '../payment/money-dialog.tsx';
import { useAct } from '../payment/use-act.ts';
import { findingWords } from './escalation-words.ts';

/** What a second person may do with the finding of the first; to the first it says why it is not theirs. */
export function ProposalActs({ escalation, can }: { escalation: ShownEscalation; can: EscalationCan }) {
  const [asking, setAsking] = useState(false);
  const proposedAt = escalation.proposal?.at;
  const client = useTRPCClient();
  const withdraw = useAct(client.escalations.withdraw.mutate, undefined, () => {});
  return (
    <div className="grid gap-3">
      {can.own && (
        <p className="rounded-control bg-wait/12 px-3 py-2 text-13">
          This is your own finding, so a second person has to confirm it: an owner or somebody from finance, signed in
          as themselves. Until then nothing is recorded.
        </p>
      )}
      {!can.close && (
        <p className="text-13 text-ink-muted">It takes an owner or somebody from finance to confirm this.</p>
      )}
      <FailureNote failure={withdraw.failure} />
      <div className="flex flex-wrap justify-end gap-2 empty:hidden">
        {can.withdraw && proposedAt && (
          <Button busy={withdraw.busy} onClick={() => withdraw.send({ id: escalation.id, proposedAt })}>
            {can.own ? 'Take it back' : 'I don’t agree'}
          </Button>
        )}
        {can.confirm && (
          <Button look="primary" onClick={() => setAsking(true)}>
            Confirm and close
          </Button>
        )}
      </div>
      {asking && <ConfirmDialog escalation={escalation} onClose={() => setAsking(false)} />}
    </div>
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
