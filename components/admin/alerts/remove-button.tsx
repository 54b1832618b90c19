'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { useTRPC } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';

export function RemoveButton({ id, address }: { id: string; address: string }) {
  const router = useRouter();
  const [renewing, renew] = useTransition();
  const { mutate, isPending, error } = useMutation(
    useTRPC().alerts.removeReceiver.mutationOptions({ onSuccess: () => renew(() => router.refresh()) }),
  );
  return (
    <div className="shrink-0 text-right">
      <Button
        look="quiet"
        size="sm"
        aria-label={`Remove ${address}`}
        busy={isPending || renewing}
        onClick={() => mutate({ id })}
      >
        Remove
      </Button>
      {error && (
        <p role="alert" className="text-12 text-bad">
          {error.message}
        </p>
      )}
    </div>
  );
}
