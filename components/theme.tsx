'use client';

import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';

/**
 * Light or dark by the system, until the switch says otherwise. `nonce` is this request's, for the script that decides
 * before first paint.
 */
export function Theme({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <ThemeProvider attribute="data-theme" disableTransitionOnChange {...(nonce ? { nonce } : {})}>
      {children}
    </ThemeProvider>
  );
}
