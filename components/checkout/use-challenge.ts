'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { newNonce } from './frame-link.ts';
import { isReturned, rememberCheckout } from './way-back.ts';

/**
 * `framed`: the bank's page is open. `aside`: it is not, and the shopper may open it. `asking`: they are back from it,
 * and its answer is asked for. `leaving`: they want to use another card.
 */
export type ChallengePhase = 'framed' | 'aside' | 'asking' | 'leaving';

interface ChallengeOptions {
  session: string;
  /** Whether the bank's page may be shown in a frame of ours. */
  mayFrame: boolean;
  /** The shopper came here from the bank's page. */
  returned: boolean;
  /** Has the provider asked what became of it; resolves also where nobody answers. */
  back: () => Promise<void>;
  /** Has the provider forget it; resolves also where nobody answers. */
  giveUp: () => Promise<void>;
}

const asksAfterReturn = 5;
const askAgainAfter = 2_000;

/** A challenge of the card's bank, as far as this page sees it; what comes of it, the checkout's standing tells. */
export function useChallenge({ session, mayFrame, returned, back, giveUp }: ChallengeOptions) {
  const [phase, setPhase] = useState<ChallengePhase>(returned ? 'asking' : mayFrame ? 'framed' : 'aside');
  const [known, setKnown] = useState<'no_word' | 'kept'>();
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

  async function leave() {
    setPhase('leaving');
    await giveUp();
    setKnown('kept');
    setPhase('aside');
  }

  // A provider may know a moment later than its own page. Whoever still has no answer then may open the page again.
  useEffect(() => {
    if (phase !== 'asking') return;
    let asked = 0;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    async function ask() {
      await latest.current();
      asked += 1;
      if (over) return;
      if (asked < asksAfterReturn) timer = setTimeout(ask, askAgainAfter);
      else {
        setKnown('no_word');
        setPhase('aside');
      }
    }
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [phase]);

  return {
    phase,
    /** What came of the last step, where the challenge outlived it: no word from the bank, or no way out of it. */
    known,
    /** Name of the frame: our return page reads it there, and says it when it calls. */
    nonce,
    element,
    open: useCallback(() => setPhase('framed'), []),
    close: useCallback(() => setPhase('aside'), []),
    leave: () => void leave(),
  };
}
