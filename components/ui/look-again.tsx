'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

const interval = 2_000;
const atMost = 60;

/** Renews the page for two minutes, while something is still to happen. Shows nothing. */
export function LookAgain() {
  const router = useRouter();
  useEffect(() => {
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (looks >= atMost) clearInterval(timer);
      router.refresh();
    }, interval);
    return () => clearInterval(timer);
  }, [router]);
  return null;
}
