'use client';

import { useEffect, useState } from 'react';
import { localTime } from './local-time.tsx';

const soon = 10 * 60_000;

/**
 * Says when the checkout closes, in its last ten minutes only: a clock that runs for a day hurries people for nothing.
 *
 * @see WCAG 2.2, 2.2.1: a limit of more than 20 hours is exempt, a shorter one is the merchant's choice, and starting
 *      again costs nothing.
 */
export function ClosingSoon({ at }: { at: Date }) {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setNear(true), Math.max(0, at.getTime() - Date.now() - soon));
    return () => clearTimeout(timer);
  }, [at]);
  return (
    <p role="status" className={near ? 'mb-5 text-14 text-warn' : 'sr-only'}>
      {near && `This checkout closes at ${localTime(at)}.`}
    </p>
  );
}
