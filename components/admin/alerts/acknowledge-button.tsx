'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { useTRPC } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';

/** "I have seen it, and see to it." Pressed twice it is done once. */
export function AcknowledgeButton({ id, title }: { id: string; title: string }) {
  const router = useRouter();
  const [renewing, renew] = useTransition();
  const { mutate, isPending, error } = useMutation(
    useTRPC().alerts.acknowledge.mutationOptions({ onSuccess: () => renew(() => router.refresh()) }),
  );
  return (
    <>
      <Button
        size="sm"
        aria-label={`Acknowledge: ${title}`}
        busy={isPending || renewing}
        onClick={() => mutate({ id })}
      >
        Acknowledge
      </Button>
      {error && (
        <p role="alert" className="mt-1 max-w-60 text-12 text-bad">
          {error.message} Try again: it is done once at most.
        </p>
      )}
    </>
  );
}
