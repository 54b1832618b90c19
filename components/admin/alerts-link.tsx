'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTRPC } from '../trpc.tsx';
import { NavLink } from './nav-link.tsx';

/**
 * The way to the alerts, and how many nobody sees to yet: counted anew with each page and when the reader comes back.
 */
export function AlertsLink({ count, children }: { count: number; children: ReactNode }) {
  const here = `${usePathname()} ${count}`;
  const asked = useRef(here);
  const options = { initialData: count, staleTime: 0, refetchOnMount: false, refetchOnWindowFocus: true };
  const { data, refetch } = useQuery(useTRPC().alerts.unseen.queryOptions(undefined, options));
  useEffect(() => {
    if (asked.current === here) return;
    asked.current = here;
    void refetch();
  }, [here, refetch]);
  return (
    <NavLink href="/admin/alerts">
      {children}
      {data > 0 && (
        <span className="ml-auto rounded-full bg-bad/10 px-1.5 text-12 font-medium text-bad tabular-nums">
          {data > 99 ? '99+' : data}
          <span className="sr-only"> not acknowledged</span>
        </span>
      )}
    </NavLink>
  );
}
