'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useTRPC } from '../../trpc.tsx';

/** Asked this often while an answer is out; else when the reader comes back: no idle page keeps its seat warm. */
const interval = 2_000;

/** Renews the page when the payment has moved on since it was made. Shows nothing. */
export function Watch({ id, version, waiting }: { id: string; version: number; waiting: boolean }) {
  const router = useRouter();
  const options = useTRPC().payment.version.queryOptions({ id });
  const { data } = useQuery({
    ...options,
    initialData: version,
    staleTime: 0,
    refetchOnMount: false,
    refetchOnWindowFocus: true,
    refetchInterval: waiting ? interval : false,
  });
  useEffect(() => {
    if (data > version) router.refresh();
  }, [data, version, router]);
  return null;
}
