'use client';

import { useState } from 'react';
import type { ShownDifference } from '#server/trpc/reconciliation-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { FailureNote } from '../payment/failure-note.tsx';
import { useAct } from '../payment/use-act.ts';

/** Gives a difference to somebody: to oneself with one press. */
export function Assign({
  difference: { id, assignedId },
  people,
  me,
}: {
  difference: ShownDifference;
  people: { id: string; name: string }[];
  me: string;
}) {
  const client = useTRPCClient();
  const [to, setTo] = useState(assignedId ?? '');
  const act = useAct(client.differences.assign.mutate, undefined, () => {});
  const names = Object.fromEntries(people.map((one) => [one.id, one.id === me ? `${one.name} (you)` : one.name]));
  return (
    <section aria-label="Who looks after it" className="grid gap-2">
      <Select
        label="With"
        choices={{ '': 'Nobody', ...names }}
        value={to}
        disabled={act.busy}
        onChange={(event) => setTo(event.target.value)}
      />
      <FailureNote failure={act.failure} />
      <div className="flex flex-wrap justify-end gap-2">
        {assignedId !== me && (
          <Button
            size="sm"
            busy={act.busy}
            onClick={() => {
              setTo(me);
              act.send({ id, to: me });
            }}
          >
            Assign to me
          </Button>
        )}
        <Button
          size="sm"
          busy={act.busy}
          disabled={to === (assignedId ?? '')}
          onClick={() => act.send({ id, to: to === '' ? null : to })}
        >
          Assign
        </Button>
      </div>
    </section>
  );
}
