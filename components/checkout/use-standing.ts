'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Standing } from '#server/checkout/view.ts';
import { useTRPC } from '../trpc.tsx';

const askEvery = 2_000;

/**
 * Where the session stands, kept true: asked every two seconds while a payment has no answer yet, when the window gets
 * the focus again (the shopper may have paid in another tab), when the page comes back out of the browser's memory, and
 * when the session's time is over.
 */
interface StandingOptions {
  initial: Standing;
  expiresAt: Date;
  /** Asks nothing by itself meanwhile. */
  paused: boolean;
}

export function useStanding(session: string, { initial, expiresAt, paused }: StandingOptions) {
  const options = useTRPC().checkout.status.queryOptions(
    { session },
    {
      initialData: initial,
      enabled: !paused,
      staleTime: 0,
      refetchOnMount: false,
      refetchOnWindowFocus: 'always',
      refetchInterval: ({ state }) => (state.data?.kind === 'processing' ? askEvery : false),
    },
  );
  const queries = useQueryClient();
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

  return {
    standing: data,
    /** What an attempt's own answer said. */
    learn: (standing: Standing) => queries.setQueryData(options.queryKey, standing),
    /** Asks now. @returns the standing, or undefined where nobody answered. */
    ask: async () => {
      const answer = await refetch();
      return answer.isError ? undefined : answer.data;
    },
  };
}
