'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { FailureNote } from '../payment/failure-note.tsx';
import type { Failure } from '../payment/use-act.ts';
import { send } from './send-file.ts';

const most = 8 * 1024 * 1024;

/** A file, what it is, and how far it has come. Leads to the file's own page. */
export function UploadForm({
  of,
  providers,
  onBusy,
  onClose,
}: {
  of: 'settlement' | 'statement';
  providers: string[];
  onBusy: (busy: boolean) => void;
  onClose: () => void;
}) {
  const router = useRouter();
  const [file, setFile] = useState<File>();
  const [provider, setProvider] = useState(providers[0] ?? '');
  const [day, setDay] = useState('');
  const [sent, setSent] = useState<number>();
  const [failure, setFailure] = useState<Failure>();
  const tooLarge = file !== undefined && file.size > most;
  const ready = file !== undefined && !tooLarge && file.size > 0 && (of === 'statement' || day !== '');
  const busy = sent !== undefined;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready || busy) return;
    setFailure(undefined);
    setSent(0);
    onBusy(true);
    const query = { of, name: file.name, ...(of === 'settlement' && { provider, day }) };
    const answer = await send(file, query, setSent);
    onBusy(false);
    setSent(undefined);
    if ('failure' in answer) return setFailure(answer.failure);
    onClose();
    router.push(answer.path);
  }

  return (
    <form method="post" onSubmit={submit} className="grid gap-4">
      {of === 'settlement' && (
        <Select
          label="Provider"
          choices={Object.fromEntries(providers.map((name) => [name, name]))}
          value={provider}
          disabled={busy}
          onChange={(event) => setProvider(event.target.value)}
        />
      )}
      {of === 'settlement' && (
        <Field
          label="Day that it settles"
          type="date"
          value={day}
          disabled={busy}
          onChange={(event) => setDay(event.target.value)}
          hint="The provider’s business day."
        />
      )}
      <Field
        label="File"
        type="file"
        disabled={busy}
        accept={of === 'statement' ? '.xml,.csv,text/csv,text/xml,application/xml' : '.csv,text/csv'}
        onChange={(event) => setFile(event.target.files?.[0])}
        hint="At most 8 MB."
        error={tooLarge ? 'This file is too large. Longer ones are fetched from the provider.' : undefined}
        className="pt-1.5"
      />
      {busy && <Progress share={sent} />}
      <FailureNote failure={failure} />
      <div className="mt-1 flex justify-end gap-2">
        <Button look="quiet" disabled={busy} onClick={onClose}>
          Back
        </Button>
        <Button type="submit" look="primary" busy={busy} disabled={!ready}>
          Upload
        </Button>
      </div>
    </form>
  );
}

function Progress({ share }: { share: number }) {
  return (
    <div className="grid gap-1.5 text-13 text-ink-muted">
      <progress
        aria-label="Sent"
        value={share}
        max={1}
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-ink/8 [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-transparent [&::-webkit-progress-value]:bg-accent"
      />
      <span aria-live="polite">{share < 1 ? 'Sending' : 'Sent. It is being stored.'}</span>
    </div>
  );
}
