'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/**
 * Renews the page when its reader comes back to it: somebody else, or an answer, may have been quicker. Shows nothing.
 */
export function RefreshOnReturn() {
  const router = useRouter();
  useEffect(() => {
    const onReturn = () => document.visibilityState === 'visible' && router.refresh();
    document.addEventListener('visibilitychange', onReturn);
    return () => document.removeEventListener('visibilitychange', onReturn);
  }, [router]);
  return null;
}
