'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Standing } from '#server/checkout/view.ts';
import { useTRPC, useTRPCClient } from '../trpc.tsx';

const askEvery = 2_000;
const waiting: readonly Standing['kind'][] = ['processing', 'challenge', 'queued', 'review'];

interface StandingOptions {
  initial: Standing;
  expiresAt: Date;
  /** Asks nothing by itself meanwhile. */
  paused: boolean;
}

/**
 * Where the session stands, kept true: asked every two seconds while a payment waits for an answer, when the window
 * gets the focus again (the shopper may have paid in another tab), when the page comes back out of the browser's
 * memory, and when the session's time is over.
 */
export function useStanding(session: string, { initial, expiresAt, paused }: StandingOptions) {
  const options = useTRPC().checkout.status.queryOptions(
    { session },
    {
      initialData: initial,
      // What becomes of a challenge is told by the bank, and not by the attempt that led to it.
      enabled: ({ state }) => !paused || state.data?.kind === 'challenge',
      staleTime: 0,
      refetchOnMount: false,
      refetchOnWindowFocus: 'always',
      refetchInterval: ({ state }) => (state.data && waiting.includes(state.data.kind) ? askEvery : false),
    },
  );
  const queries = useQueryClient();
  const client = useTRPCClient();
  const { data, refetch } = useQuery(options);

  useEffect(() => {
    const restored = (event: PageTransitionEvent) => event.persisted && void refetch();
    window.addEventListener('pageshow', restored);
    const timer = setTimeout(() => void refetch(), Math.max(0, expiresAt.getTime() - Date.now()) + 500);
    return () => {
      window.removeEventListener('pageshow', restored);
      clearTimeout(timer);
    };
  }, [expiresAt, refetch]);

  async function tell(answer: Promise<Standing>) {
    const standing = await answer;
    // What was asked before is older than this, and may arrive after it.
    await queries.cancelQueries({ queryKey: options.queryKey });
    queries.setQueryData(options.queryKey, standing);
  }

  return {
    standing: data,
    /** What an attempt's own answer said. */
    learn: (standing: Standing) => queries.setQueryData(options.queryKey, standing),
    /** Asks now. @returns the standing, or undefined where nobody answered. */
    ask: async () => {
      const answer = await refetch();
      return answer.isError ? undefined : answer.data;
    },
    /** The shopper is back from their bank: has the provider asked now. */
    back: () => tell(client.checkout.back.mutate({ session })),
    /** The shopper would rather use another card than answer their bank. */
    giveUp: () => tell(client.checkout.giveUp.mutate({ session })),
  };
}
