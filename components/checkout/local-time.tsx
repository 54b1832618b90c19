'use client';

import { useEffect, useState } from 'react';

/**
 * "14:35" where the shopper is; in UTC, and saying so, until the page is alive: the server does not know where that is.
 */
export function LocalTime({ at }: { at: Date }) {
  const [text, setText] = useState<string>();
  useEffect(() => setText(localTime(at)), [at]);
  return (
    <time dateTime={at.toISOString()} className="whitespace-nowrap">
      {text ?? `${at.toISOString().slice(11, 16)} UTC`}
    </time>
  );
}

/** In a browser only. */
export function localTime(at: Date): string {
  return at.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });
}
