'use client';

import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { useAct } from '../payment/use-act.ts';

/** Has what is stuck tried again. What was done under its key before is not done twice. */
export function RetryButton({ id, label }: { id: string; label: string }) {
  const client = useTRPCClient();
  const act = useAct(
    (input: { id: string; attempt: string }) => client.orders.retry.mutate(input),
    undefined,
    () => {},
  );
  return (
    <div className="grid justify-items-end gap-1">
      <Button busy={act.busy} onClick={() => act.send({ id })}>
        {label}
      </Button>
      {act.failure && (
        <p role="alert" className="text-13 text-bad">
          {act.failure.says}
        </p>
      )}
    </div>
  );
}
