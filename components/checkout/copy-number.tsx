'use client';

import { useEffect, useState } from 'react';

/** A published test number; a click copies it. */
export function CopyNumber({ number }: { number: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      onClick={() => void navigator.clipboard.writeText(number).then(() => setCopied(true))}
      className="-mx-1 min-h-7 min-w-43 rounded-sm px-1 text-left font-mono hover:bg-ink/6"
    >
      <span className="sr-only">Copy </span>
      <span aria-hidden={copied} className={copied ? 'hidden' : ''}>
        {number}
      </span>
      <span aria-live="polite">{copied && 'Copied'}</span>
    </button>
  );
}
