'use client';

import { type FormEvent, useState } from 'react';
import type { DifferenceCan, ShownDifference } from '#server/trpc/reconciliation-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { FailureNote } from '../payment/failure-note.tsx';
import { useAct } from '../payment/use-act.ts';
import { OperationPicker } from './operation-picker.tsx';

type End = 'resolved' | 'written_off' | 'matched';

const shortestReason = 10;

const choices = {
  resolved: {
    says: 'It is explained',
    follows: 'The difference ends, and no money is posted. Say what it was and where that is seen.',
  },
  written_off: {
    says: 'Write it off',
    follows: 'It stays between the books and is looked after no more. A second person has to agree.',
  },
  matched: {
    says: 'It is an operation of ours',
    follows: 'The line is matched with it, though no rule found it. A second person has to agree.',
  },
} as const;

/** One person's word on how it ends. What takes a second person is only proposed. */
export function EndForm({ difference: { id }, can }: { difference: ShownDifference; can: DifferenceCan }) {
  const client = useTRPCClient();
  const [end, setEnd] = useState<End>();
  const [reason, setReason] = useState('');
  const [operationId, setOperationId] = useState<string>();
  const resolve = useAct(client.differences.resolve.mutate, undefined, () => {});
  const propose = useAct(client.differences.propose.mutate, undefined, () => {});
  const act = end === 'resolved' ? resolve : propose;
  const long = reason.trim().length >= shortestReason;
  const ready = end !== undefined && long && (end !== 'matched' || operationId !== undefined);
  const { matched, ...others } = choices;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready || act.busy) return;
    const said = { id, reason: reason.trim() };
    if (end === 'resolved') resolve.send(said);
    else propose.send({ ...said, end, ...(end === 'matched' && operationId && { operationId }) });
  }

  return (
    <form method="post" onSubmit={submit} className="grid gap-4">
      <Choice
        label="How does it end?"
        choices={can.match ? { ...others, matched } : others}
        value={end}
        onChange={setEnd}
      />
      {end === 'matched' && <OperationPicker value={operationId} onChange={setOperationId} />}
      <TextArea
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={2000}
        hint="What you found and where: at least ten characters."
      />
      <FailureNote failure={act.failure} />
      <div className="flex justify-end">
        <Button type="submit" look="primary" busy={act.busy} disabled={!ready}>
          {end === undefined || end === 'resolved' ? 'Resolve' : 'Propose'}
        </Button>
      </div>
    </form>
  );
}
