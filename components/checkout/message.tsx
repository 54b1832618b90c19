import type { ReactNode } from 'react';
import { Mark } from '../ui/mark.tsx';
import { StruckCoin } from './tick.tsx';

/** A page that has one thing to say. */
export function Message({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <main className="grid min-h-dvh content-center justify-items-center gap-3 bg-surface px-4 py-12 text-center text-16">
      <StruckCoin />
      <h1 className="text-20 font-semibold">{title}</h1>
      <div className="max-w-110 text-ink-muted">{children}</div>
      {action && <div className="mt-3">{action}</div>}
      <p className="mt-10 flex items-center gap-2 text-13 text-ink-muted">
        Payment by <Mark size={14} />
      </p>
    </main>
  );
}
