'use client';

import { type FormEvent, useState } from 'react';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { FailureNote } from '../payment/failure-note.tsx';
import { useAct } from '../payment/use-act.ts';

/** One more note. */
export function NoteForm({ id }: { id: string }) {
  const client = useTRPCClient();
  const [text, setText] = useState('');
  const act = useAct(client.differences.note.mutate, undefined, () => {});
  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() !== '' && !act.busy) act.send({ id, text: text.trim() });
  }
  return (
    <form method="post" onSubmit={submit} className="grid gap-2">
      <TextArea label="Add a note" value={text} onChange={(event) => setText(event.target.value)} maxLength={2000} />
      <FailureNote failure={act.failure} />
      <div className="flex justify-end">
        <Button type="submit" size="sm" busy={act.busy} disabled={text.trim() === ''}>
          Add
        </Button>
      </div>
    </form>
  );
}
