'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTRPC } from '../trpc.tsx';
import { NavLink } from './nav-link.tsx';

/** The way to what waits for a person, and how many do: counted anew with each page and when the reader comes back. */
export function EscalationsLink({ count, children }: { count: number; children: ReactNode }) {
  const here = `${usePathname()} ${count}`;
  const asked = useRef(here);
  const options = { initialData: count, staleTime: 0, refetchOnMount: false, refetchOnWindowFocus: true };
  const { data, refetch } = useQuery(useTRPC().escalations.count.queryOptions(undefined, options));
  // `count` is new whenever the page was renewed after an act.
  useEffect(() => {
    if (asked.current === here) return;
    asked.current = here;
    void refetch();
  }, [here, refetch]);
  return (
    <NavLink href="/admin/escalations">
      {children}
      {data > 0 && (
        <span className="ml-auto rounded-full bg-warn/12 px-1.5 text-12 font-medium text-warn tabular-nums">
          {data > 99 ? '99+' : data}
          <span className="sr-only"> open</span>
        </span>
      )}
    </NavLink>
  );
}
