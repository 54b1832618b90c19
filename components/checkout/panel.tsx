'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { buttonClass } from '../ui/button.tsx';

interface PanelProps {
  /** It came about on this page, just now: then it is said. */
  arrived: boolean;
  sign: ReactNode;
  title: string;
  next?: { href: string; label: string; look: 'primary' | 'secondary' } | null;
  children: ReactNode;
}

/** One thing to say in the payment's half of the page, always in the same place. */
export function Panel({ arrived, sign, title, next, children }: PanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // What had the focus is gone; whoever listens or uses the keyboard goes on from here.
  useEffect(() => {
    if (arrived) heading.current?.focus();
  }, [arrived]);
  return (
    <section className="grid justify-items-start gap-3" aria-live="polite">
      {sign}
      <h2 ref={heading} tabIndex={-1} className="text-20 font-semibold outline-none">
        {title}
      </h2>
      {children}
      {next && (
        <a href={next.href} className={`mt-3 w-full print:hidden ${buttonClass({ look: next.look, size: 'lg' })}`}>
          {next.label}
        </a>
      )}
    </section>
  );
}
