import type { ReactNode } from 'react';
import { CopyId } from './copy-id.tsx';

/** What happened, whether money moved, what to do, and the id to ask about. */
export function ErrorState({
  title,
  as: Heading = 'h2',
  children,
  request,
  action,
}: {
  title: string;
  as?: 'h1' | 'h2';
  children: ReactNode;
  request?: string | undefined;
  action?: ReactNode;
}) {
  return (
    <div role="alert" className="grid justify-items-center gap-2 px-6 py-16 text-center">
      <Heading className="text-16 font-semibold">{title}</Heading>
      <div className="max-w-105 text-14 text-ink-muted">{children}</div>
      {action && <div className="mt-3">{action}</div>}
      {request && (
        <p className="mt-4 flex items-center gap-2 text-12 text-ink-muted">
          Request <CopyId id={request} />
        </p>
      )}
    </div>
  );
}
