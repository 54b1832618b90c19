'use client';

import type { FormEvent, ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from './failure-note.tsx';
import type { Failure } from './use-act.ts';

/**
 * A question about money: its sentence, its fields, and the button that does it. The first field has the focus, not the
 * button; while the answer is on its way nothing can be pressed twice.
 */
export function MoneyDialog({
  title,
  sentence,
  action,
  look = 'primary',
  busy,
  ready,
  failure,
  onClose,
  onSend,
  children,
}: {
  title: string;
  sentence: ReactNode;
  action: string;
  look?: 'primary' | 'danger';
  busy: boolean;
  ready: boolean;
  failure: Failure | undefined;
  onClose: () => void;
  onSend: () => void;
  children: ReactNode;
}) {
  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready && !busy) onSend();
  }
  return (
    <Dialog open onOpenChange={onClose} locked={busy} title={title} description={sentence}>
      <form method="post" onSubmit={submit} className="grid gap-4">
        {children}
        <FailureNote failure={failure} />
        <div className="mt-1 flex justify-end gap-2">
          <Button look="quiet" disabled={busy} onClick={onClose}>
            Back
          </Button>
          <Button type="submit" look={look} busy={busy} disabled={!ready}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
