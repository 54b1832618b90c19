'use client';

import { useState } from 'react';
import type { DifferenceCan, ShownDifference } from '#server/trpc/reconciliation-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNote } from '../payment/failure-note.tsx';
import { MoneyDialog } from '../payment/money-dialog.tsx';
import { useAct } from '../payment/use-act.ts';
import { apart } from './apart.ts';
import { signed } from './signed-amount.tsx';

/** What a second person may do with the proposal of the first; to the first it says why it is not theirs. */
export function ProposalActs({ difference, can }: { difference: ShownDifference; can: DifferenceCan }) {
  const [asking, setAsking] = useState(false);
  const proposedAt = difference.proposal?.at;
  const client = useTRPCClient();
  const withdraw = useAct(client.differences.withdraw.mutate, undefined, () => {});
  return (
    <div className="grid gap-3">
      {can.own && (
        <p className="rounded-control bg-wait/12 px-3 py-2 text-13">
          This is your own proposal, so a second person has to confirm it: an owner or somebody from finance, signed in
          as themselves. Until then nothing is changed.
        </p>
      )}
      {!can.end && (
        <p className="text-13 text-ink-muted">It takes an owner or somebody from finance to confirm this.</p>
      )}
      <FailureNote failure={withdraw.failure} />
      <div className="flex flex-wrap justify-end gap-2 empty:hidden">
        {can.withdraw && proposedAt && (
          <Button busy={withdraw.busy} onClick={() => withdraw.send({ id: difference.id, proposedAt })}>
            {can.own ? 'Take it back' : 'I don’t agree'}
          </Button>
        )}
        {can.confirm && (
          <Button look="primary" onClick={() => setAsking(true)}>
            {confirmWords(difference)}
          </Button>
        )}
      </div>
      {asking && <ConfirmDialog difference={difference} onClose={() => setAsking(false)} />}
    </div>
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
