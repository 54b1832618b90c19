'use client';

import { type FormEvent, useState } from 'react';
import type { Finding } from '#server/payments/view.ts';
import type { ShownEscalation } from '#server/trpc/escalation-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { FailureNote } from '../payment/failure-note.tsx';
import { useAct } from '../payment/use-act.ts';
import { findingWords } from './escalation-words.ts';

const shortestReason = 10;

/** What one person found out at the provider. It moves nothing: that takes a second person. */
export function FindingForm({ escalation }: { escalation: ShownEscalation }) {
  const { id, kind, provider } = escalation;
  const client = useTRPCClient();
  const [finding, setFinding] = useState<Finding>();
  const [reason, setReason] = useState('');
  const [providerRef, setProviderRef] = useState('');
  const act = useAct(client.escalations.propose.mutate, undefined, () => {});
  const needsRef = kind === 'unanswered' && finding === 'took_place';
  const short = reason.trim().length < shortestReason;
  const ready = finding !== undefined && !short && (!needsRef || providerRef.trim() !== '');

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready || act.busy) return;
    act.send({ id, finding, reason: reason.trim(), ...(needsRef && { providerRef: providerRef.trim() }) });
  }

  return (
    <form method="post" onSubmit={submit} className="grid gap-4">
      <Choice
        label={`What did you find at ${provider ?? 'the provider'}?`}
        choices={findingWords(escalation)}
        value={finding}
        onChange={setFinding}
      />
      {needsRef && (
        <Field
          label="The provider’s own id of it"
          value={providerRef}
          onChange={(event) => setProviderRef(event.target.value)}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          hint={`As ${provider ?? 'the provider'} shows it. What comes later, such as a refund, names it.`}
        />
      )}
      <TextArea
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={2000}
        hint="What you found and where, for the person who checks it: at least ten characters."
      />
      <FailureNote failure={act.failure} />
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p className="mr-auto text-13 text-ink-muted">Nothing is recorded before a second person confirms it.</p>
        <Button type="submit" look="primary" busy={act.busy} disabled={!ready}>
          Propose to close
        </Button>
      </div>
    </form>
  );
}
