'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { useTRPC } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';

/** Long enough for the worker to have tried, so that the page shows what came of it. */
const untilTried = 1_000;

/** Has an event tried once more. Pressed twice, its effect is done once. */
export function RetryEventButton({ consumer, id, what }: { consumer: string; id: string; what: string }) {
  const router = useRouter();
  const [renewing, renew] = useTransition();
  const { mutate, isPending, error } = useMutation(
    useTRPC().events.retry.mutationOptions({
      async onSuccess() {
        await new Promise((resolve) => setTimeout(resolve, untilTried));
        renew(() => router.refresh());
      },
    }),
  );
  return (
    <>
      <Button size="sm" busy={isPending || renewing} onClick={() => mutate({ consumer, id })}>
        Try again<span className="sr-only">: {what}</span>
      </Button>
      {error && (
        <p role="alert" className="mt-1 max-w-60 text-12 text-bad">
          {error.message}
        </p>
      )}
    </>
  );
}
