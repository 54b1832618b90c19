import type { ReactNode } from 'react';
import { Mark } from '../ui/mark.tsx';
import { TestBar } from './test-bar.tsx';

/** Two columns from 900 px, the order on the canvas and the payment on the surface; one below. */
export function Screen({
  testMode,
  summary,
  children,
}: {
  testMode: boolean;
  summary: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="flex min-h-dvh flex-col text-16">
      {testMode && <TestBar />}
      <main className="flex grow flex-col min-[900px]:grid min-[900px]:grid-cols-2">
        <div className="px-4 py-5 min-[900px]:px-10 min-[900px]:py-16">
          <div className="mx-auto w-full max-w-110 min-[900px]:mr-0">{summary}</div>
        </div>
        <div className="grow border-t bg-surface px-4 py-6 min-[900px]:border-t-0 min-[900px]:border-l min-[900px]:px-10 min-[900px]:py-16">
          <div className="mx-auto w-full max-w-110 min-[900px]:ml-0">
            {children}
            <p className="mt-10 flex items-center gap-2 text-13 text-ink-muted">
              Payment by <Mark size={14} />
            </p>
          </div>
        </div>
      </main>
    </div>
  );
}
