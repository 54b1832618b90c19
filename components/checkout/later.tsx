'use client';

import { type ComponentType, lazy, Suspense, useState } from 'react';
import { buttonClass } from '../ui/button.tsx';
import type { AfterProps } from './after.tsx';
import { Panel } from './panel.tsx';
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
    <div className={heights[props.standing.kind] ?? 'min-h-64'}>
      <Suspense fallback={<Coming arrived={props.arrived} />}>
        <Part {...props} />
      </Suspense>
    </div>
  );
}

/** What it takes on a narrow screen: kept from the beginning, so that nothing jumps when it is there. */
const heights: Partial<Record<AfterProps['standing']['kind'], string>> = { paid: 'min-h-130', challenge: 'min-h-96' };

/** In the place and the shape of what is on its way, and true whatever that is. */
function Coming({ arrived }: { arrived: boolean }) {
  return (
    <Panel arrived={arrived} sign={<Waiting />} title="One moment">
      <p className="font-medium">Do not pay again.</p>
      <p className="text-ink-muted">This page is about to tell what became of your payment.</p>
    </Panel>
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
