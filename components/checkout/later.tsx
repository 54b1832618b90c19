'use client';

import { type ComponentType, lazy, Suspense, useState } from 'react';
import { buttonClass } from '../ui/button.tsx';
import type { AfterProps } from './after.tsx';
import { Waiting } from './tick.tsx';

let brought: ComponentType<AfterProps> | undefined;

/**
 * Brings what follows a press of the button, which whoever only looks at the checkout does not need. Called at the
 * press: it is there long before the bank has answered.
 */
export async function bringAfter(): Promise<{ default: ComponentType<AfterProps> }> {
  try {
    brought ??= (await import('./after.tsx')).After;
    return { default: brought };
  } catch {
    return { default: Missing };
  }
}

const Brought = lazy(bringAfter);

/** `After`, as soon as it is there. */
export function Later(props: AfterProps) {
  // What is there already is drawn at once; it stays the same component from then on.
  const [Part] = useState(() => brought ?? Brought);
  return (
    <Suspense fallback={<Waiting />}>
      <Part {...props} />
    </Suspense>
  );
}

/** It can't be had, on a network that broke or after an update of Florin: the server can show the same. */
function Missing() {
  return (
    <section role="alert" className="grid justify-items-start gap-3">
      <h2 className="text-20 font-semibold">Load this page again</h2>
      <p className="font-medium">Do not pay again.</p>
      <p className="text-ink-muted">A part of this page did not load, which tells what became of your payment.</p>
      <button
        type="button"
        onClick={() => window.location.reload()}
        className={`mt-3 w-full ${buttonClass({ look: 'primary', size: 'lg' })}`}
      >
        Load it again
      </button>
    </section>
  );
}
