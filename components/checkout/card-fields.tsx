'use client';

import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { CardFrame } from './use-card-frame.ts';

/** Height of the frame at rest, so that nothing moves when it arrives. */
const heightAtRest = 113;

/** The card's three fields. They are the vault's own document: what is typed there never reaches this page. */
export function CardFields({ frame }: { frame: CardFrame }) {
  const { element, loads, url, state, height } = frame;
  if (state === 'failed') return <Failed reload={frame.reload} />;
  return (
    <div className="relative" style={{ minHeight: heightAtRest }}>
      {loads > 0 && (
        <iframe
          key={loads}
          ref={element}
          src={url}
          onLoad={frame.onLoad}
          title="Card number, expiry date and security code"
          sandbox="allow-scripts allow-same-origin allow-forms"
          allow="payment"
          referrerPolicy="no-referrer"
          inert={state !== 'ready'}
          className={`block w-full transition-opacity ${state === 'ready' ? 'opacity-100' : 'opacity-0'}`}
          style={{ height: height ?? heightAtRest, colorScheme: 'inherit' }}
        />
      )}
      {state === 'loading' && <Placeholder />}
    </div>
  );
}

function Placeholder() {
  return (
    <div role="status" className="absolute inset-0 grid content-start gap-1.5">
      <span className="sr-only">Loading the card form</span>
      <Skeleton className="h-5 w-24" />
      <Skeleton className="h-21.75 rounded-control" />
    </div>
  );
}

function Failed({ reload }: { reload: () => void }) {
  return (
    <div role="alert" className="grid justify-items-start gap-3 rounded-control border bg-canvas p-4">
      <p className="text-14 text-ink">
        The card form did not load. You were not charged. Check your connection and try again.
      </p>
      <Button onClick={reload}>Load it again</Button>
    </div>
  );
}
