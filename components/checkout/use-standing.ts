'use client';

import { useEffect, useRef, useState } from 'react';
import type { Standing } from '#server/checkout/view.ts';
import { makeQuestions } from './questions.ts';

const askEvery = 2_000;
const waiting: readonly Standing['kind'][] = ['processing', 'challenge', 'queued', 'review'];

interface StandingOptions {
  initial: Standing;
  expiresAt: Date;
  /** Asks nothing by itself meanwhile. */
  paused: boolean;
}

/**
 * Where the session stands, kept true: asked every two seconds while a payment waits for an answer, when the window
 * is looked at again (the shopper may have paid in another tab), when the network is back, when the page comes back out
 * of the browser's memory, and when the session's time is over.
 */
export function useStanding(session: string, { initial, expiresAt, paused }: StandingOptions) {
  const [standing, setStanding] = useState(initial);
  // The same answer again is no news: what hangs on it would start anew.
  const show = (told: Standing) => setStanding((now) => (JSON.stringify(now) === JSON.stringify(told) ? now : told));
  const [questions] = useState(() => makeQuestions({ session, show, online }));

  useEffect(() => {
    const ask = () => void questions.ask();
    const restored = ({ persisted }: PageTransitionEvent) => persisted && ask();
    window.addEventListener('pageshow', restored);
    const timer = setTimeout(ask, Math.max(0, expiresAt.getTime() - Date.now()) + 500);
    return () => {
      window.removeEventListener('pageshow', restored);
      clearTimeout(timer);
    };
  }, [expiresAt, questions]);

  // What becomes of a challenge is told by the bank, and not by the attempt that led to it.
  const asks = !paused || standing.kind === 'challenge';
  const waits = waiting.includes(standing.kind);
  const missed = useRef(false);
  useEffect(() => {
    const glance = () => document.hidden || questions.glance();
    if (asks && missed.current) glance();
    missed.current = !asks;
    if (!asks) return;
    const timer = waits ? setInterval(glance, askEvery) : undefined;
    document.addEventListener('visibilitychange', glance);
    window.addEventListener('online', glance);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', glance);
      window.removeEventListener('online', glance);
    };
  }, [asks, waits, questions]);

  const { learn, ask, back, giveUp } = questions;
  return { standing, learn, ask, back, giveUp };
}

/** Resolves once the browser has a network, as far as it knows: until then there is nobody to ask. */
async function online(signal: AbortSignal): Promise<void> {
  if (navigator.onLine) return;
  await new Promise((resolve) => {
    window.addEventListener('online', resolve, { once: true, signal });
    signal.addEventListener('abort', resolve, { once: true });
  });
}
