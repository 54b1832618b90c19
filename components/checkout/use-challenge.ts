'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { newNonce } from './frame-link.ts';
import { isReturned, rememberCheckout } from './way-back.ts';

/**
 * `framed`: the bank's page is open. `aside`: it is not, and the shopper may open it. `asking`: they are back from it,
 * and its answer is asked for.
 */
export type ChallengePhase = 'framed' | 'aside' | 'asking';

interface ChallengeOptions {
  session: string;
  /** Whether the bank's page may be shown in a frame of ours. */
  mayFrame: boolean;
  /** The shopper came here from the bank's page. */
  returned: boolean;
  /** Has the provider asked what became of it. */
  back: () => Promise<void>;
}

const asksAfterReturn = 5;
const askAgainAfter = 2_000;

/** A challenge of the card's bank, as far as this page sees it; what comes of it, the checkout's standing tells. */
export function useChallenge({ session, mayFrame, returned, back }: ChallengeOptions) {
  const [phase, setPhase] = useState<ChallengePhase>(returned ? 'asking' : mayFrame ? 'framed' : 'aside');
  const [nonce] = useState(newNonce);
  const element = useRef<HTMLIFrameElement>(null);
  const latest = useRef(back);
  latest.current = back;

  useEffect(() => rememberCheckout(session), [session]);

  useEffect(() => {
    if (phase !== 'framed') return;
    function onMessage({ origin, source, data }: MessageEvent) {
      const ours = origin === window.location.origin && source === element.current?.contentWindow;
      if (ours && isReturned(data, nonce)) setPhase('asking');
    }
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, [phase, nonce]);

  // A provider may know a moment later than its own page. Whoever still has no answer then may open the page again.
  useEffect(() => {
    if (phase !== 'asking') return;
    let asked = 0;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    async function ask() {
      await latest.current().catch(() => undefined);
      asked += 1;
      if (over) return;
      if (asked < asksAfterReturn) timer = setTimeout(ask, askAgainAfter);
      else setPhase('aside');
    }
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [phase]);

  return {
    phase,
    /** Name of the frame: our return page reads it there, and says it when it calls. */
    nonce,
    element,
    open: useCallback(() => setPhase('framed'), []),
    close: useCallback(() => setPhase('aside'), []),
  };
}
