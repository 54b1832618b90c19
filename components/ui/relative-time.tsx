'use client';

import { useEffect, useState } from 'react';
import { ago, exact } from './time.ts';

/** How long ago, kept true while the page stays open; the exact time in UTC is its title. */
export function RelativeTime({ at }: { at: Date }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at.toISOString()} title={exact(at)} suppressHydrationWarning className="whitespace-nowrap">
      {ago(at, now)}
    </time>
  );
}
