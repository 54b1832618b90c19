'use client';

import { useEffect, useState } from 'react';
import { shorten } from './shorten.ts';
import { Sign } from './sign.tsx';

const hidden = 'opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100';

/** An id, shortened in its middle; a click copies the whole of it. `quiet`, for lists: its sign shows when near. */
export function CopyId({ id, quiet = false }: { id: string; quiet?: boolean }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      title={`${id} (click to copy)`}
      onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}
      className="group -mx-1 inline-flex h-6 items-center gap-1.5 rounded-sm px-1 font-mono text-12 text-ink hover:bg-ink/6"
    >
      {shorten(id)}
      <Sign
        of={copied ? 'copied' : 'copy'}
        size={12}
        className={copied ? 'text-ok' : `text-ink-muted ${quiet ? hidden : 'opacity-60 group-hover:opacity-100'}`}
      />
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : 'Copy'}
      </span>
    </button>
  );
}
