'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

export function NavLink({ href, children }: { href: string; children: ReactNode }) {
  const path = usePathname();
  const here = path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className="flex h-8 items-center gap-2.5 rounded-control px-2 text-14 text-ink-muted hover:bg-ink/5 hover:text-ink aria-[current]:bg-ink/6 aria-[current]:font-medium aria-[current]:text-ink"
    >
      {children}
    </Link>
  );
}
