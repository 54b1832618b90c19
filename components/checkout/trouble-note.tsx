'use client';

import { useEffect, useRef } from 'react';
import { CopyId } from '../ui/copy-id.tsx';
import { Sign } from '../ui/sign.tsx';
import type { Trouble } from './failure.ts';

/**
 * Why nothing was paid. The place is there before the words are, so that screen readers speak them when they come; on a
 * small screen it may lie above what is seen, and is brought into sight.
 */
export function TroubleNote({ trouble }: { trouble: Trouble | null }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (trouble) note.current?.scrollIntoView({ block: 'nearest' });
  }, [trouble]);
  return (
    <div role="alert" ref={note}>
      {trouble && (
        <div className="mt-4 flex gap-2.5 rounded-control border border-bad/40 bg-bad/8 px-3.5 py-3 text-14 text-ink">
          <Sign of="alert" size={18} className="mt-px shrink-0 text-bad" />
          <div className="grid gap-1">
            <p>{trouble.text}</p>
            {trouble.request && <CopyId id={trouble.request} />}
          </div>
        </div>
      )}
    </div>
  );
}
