'use client';

import { useEffect, useRef } from 'react';

/** Stands where the reader's eye should go after an act: scrolled to and focused once, so that it is read out too. */
export function BringIntoView() {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center' });
    mark.current?.focus({ preventScroll: true });
  }, []);
  return (
    <span ref={mark} tabIndex={-1} className="sr-only">
      New:
    </span>
  );
}
