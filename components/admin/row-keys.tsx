'use client';

import type { KeyboardEvent, ReactNode } from 'react';

const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** A table's body whose rows are walked with the arrow keys, or j and k; Enter opens, since each row holds a link. */
export function RowKeys({ children }: { children: ReactNode }) {
  function walk(event: KeyboardEvent<HTMLTableSectionElement>) {
    const step = steps[event.key];
    if (!step || event.metaKey || event.ctrlKey || event.altKey) return;
    const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('tr a')];
    const here = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
    const next = links[here + step];
    if (here < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }
  return <tbody onKeyDown={walk}>{children}</tbody>;
}
