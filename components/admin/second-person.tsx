'use client';

import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { FailureNote } from './payment/failure-note.tsx';
import type { Failure } from './payment/use-act.ts';

interface SecondPersonProps {
  /** Why the first one cannot confirm it, said to them alone. */
  ownWords: string;
  can: { own: boolean; decide: boolean; withdraw: boolean; confirm: boolean };
  withdraw: { busy: boolean; failure: Failure | undefined; send(): void };
  confirmWords: string;
  /** What asks once more before it is confirmed. */
  dialog(close: () => void): ReactNode;
}

/** What a second person may do with what a first one wants; to the first it says why it is not theirs. */
export function SecondPerson({ ownWords, can, withdraw, confirmWords, dialog }: SecondPersonProps) {
  const [asking, setAsking] = useState(false);
  return (
    <div className="grid gap-3">
      {can.own && <p className="rounded-control bg-wait/12 px-3 py-2 text-13">{ownWords}</p>}
      {!can.decide && (
        <p className="text-13 text-ink-muted">It takes an owner or somebody from finance to confirm this.</p>
      )}
      <FailureNote failure={withdraw.failure} />
      <div className="flex flex-wrap justify-end gap-2 empty:hidden">
        {can.withdraw && (
          <Button busy={withdraw.busy} onClick={withdraw.send}>
            {can.own ? 'Take it back' : 'I don’t agree'}
          </Button>
        )}
        {can.confirm && (
          <Button look="primary" onClick={() => setAsking(true)}>
            {confirmWords}
          </Button>
        )}
      </div>
      {asking && dialog(() => setAsking(false))}
    </div>
  );
}
