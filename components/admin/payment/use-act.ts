'use client';

import { useMutation } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { usePathname, useRouter } from 'next/navigation';
import { useRef, useState, useTransition } from 'react';
import type { AppRouter } from '#server/trpc/root.ts';

/** What a dialog says when its act did not go through. */
export interface Failure {
  says: string;
  request: string | undefined;
}

/**
 * One act, done once: its attempt is drawn when the dialog opens and sent with every try, so that a second press, or a
 * try after a lost answer, changes nothing.
 *
 * @param act    The procedure.
 * @param seen   The payment's version on this page: what comes after it is lit on the timeline. Undefined elsewhere.
 * @param close  Closes the dialog, in the moment in which the renewed page is there.
 */
export function useAct<Input extends { attempt: string }>(
  act: (input: Input) => Promise<unknown>,
  seen: number | undefined,
  close: () => void,
) {
  const router = useRouter();
  const path = usePathname();
  const [attempt] = useState(() => crypto.randomUUID());
  const [renewing, renew] = useTransition();
  const sending = useRef(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (input: Input) => act(input),
    onError: () => {
      sending.current = false;
    },
    onSuccess: () =>
      renew(() => {
        if (seen === undefined) router.refresh();
        else router.replace(`${path}?since=${seen}`, { scroll: false });
        close();
      }),
  });
  return {
    busy: isPending || renewing,
    failure: error ? failureOf(error) : undefined,
    send(input: Omit<Input, 'attempt'>) {
      // Two presses may come before the button is drawn as disabled.
      if (sending.current) return;
      sending.current = true;
      mutate({ ...input, attempt } as Input);
    },
  };
}

function failureOf(error: Error): Failure {
  const data = error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data : undefined;
  if (data && data.code !== 'internal') return { says: error.message, request: undefined };
  // Without an answer nobody knows: but trying again is safe, and says so.
  const says = 'We could not tell whether this went through. Trying again is safe: it is done once at most.';
  return { says, request: data?.request };
}
