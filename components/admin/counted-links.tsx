'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTRPC } from '../trpc.tsx';
import { NavLink } from './nav-link.tsx';

interface Counted {
  /** As the page was made with it. */
  count: number;
  children: ReactNode;
}

const fresh = (initialData: number) =>
  ({ initialData, staleTime: 0, refetchOnMount: false, refetchOnWindowFocus: true }) as const;

/** The way to the alerts, and how many nobody sees to yet. */
export function AlertsLink({ count, children }: Counted) {
  const asked = useQuery(useTRPC().alerts.unseen.queryOptions(undefined, fresh(count)));
  return (
    <CountedLink href="/admin/alerts" count={count} asked={asked} says="not acknowledged" look="bg-bad/10 text-bad">
      {children}
    </CountedLink>
  );
}

/** The way to what waits for a person, and how many do. */
export function EscalationsLink({ count, children }: Counted) {
  const asked = useQuery(useTRPC().escalations.count.queryOptions(undefined, fresh(count)));
  return (
    <CountedLink href="/admin/escalations" count={count} asked={asked} says="open" look="bg-warn/12 text-warn">
      {children}
    </CountedLink>
  );
}

interface Asked {
  data: number;
  refetch(): unknown;
}

/** Counted anew with each page and when the reader comes back. */
function CountedLink(link: Counted & { href: string; asked: Asked; says: string; look: string }) {
  const { href, count, asked, says, look, children } = link;
  const { data, refetch } = asked;
  const here = `${usePathname()} ${count}`;
  const known = useRef(here);
  useEffect(() => {
    if (known.current === here) return;
    known.current = here;
    void refetch();
  }, [here, refetch]);
  return (
    <NavLink href={href}>
      {children}
      {data > 0 && (
        <span className={`ml-auto rounded-full px-1.5 text-12 font-medium tabular-nums ${look}`}>
          {data > 99 ? '99+' : data}
          <span className="sr-only"> {says}</span>
        </span>
      )}
    </NavLink>
  );
}
