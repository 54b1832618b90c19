import type { ReactNode } from 'react';

/** What will appear here, and how to make the first one. */
export function EmptyState({
  title,
  as: Heading = 'h2',
  children,
  action,
}: {
  title: string;
  as?: 'h1' | 'h2';
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-16 text-center">
      <svg width="40" height="40" viewBox="0 0 40 40" aria-hidden="true" className="mb-2 text-line-strong">
        <circle cx="20" cy="20" r="14" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="4 5" />
      </svg>
      <Heading className="text-16 font-semibold">{title}</Heading>
      <div className="max-w-100 text-14 text-ink-muted">{children}</div>
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
