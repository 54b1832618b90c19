'use client';

import { useTheme } from 'next-themes';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { type FrameLink, type FromFrame, linkFrame, type ToFrame } from './frame-link.ts';

export interface Grant {
  grant: string;
  expiresAt: Date;
}

export interface CardFrame {
  element: RefObject<HTMLIFrameElement | null>;
  url: string;
  /** How often it was loaded: 0 until this page listens, since a frame that comes sooner would speak to nobody. */
  loads: number;
  state: 'loading' | 'ready' | 'failed';
  /** What the frame needs, told by itself; undefined until it did. */
  height: number | undefined;
  send(message: ToFrame): void;
  /** Hands the frame a new grant: each is good for one card, and for 15 minutes. */
  renewGrant(): Promise<void>;
  /** Renews the grant only where it is about to end. */
  ensureGrant(): Promise<void>;
  /** Its document is there: a greeting before that would go to an empty page. */
  onLoad(): void;
  reload(): void;
}

interface CardFrameOptions {
  url: string;
  /** Asks the checkout for a grant. */
  getGrant: () => Promise<Grant>;
  /** Hears everything that the frame says, its height left out. */
  onMessage: (message: FromFrame) => void;
}

const loadWithin = 8_000;
const endsSoon = 60_000;

/** Loads the vault's frame and keeps the line to it. */
export function useCardFrame({ url, getGrant, onMessage }: CardFrameOptions): CardFrame {
  const element = useRef<HTMLIFrameElement>(null);
  const link = useRef<FrameLink>(undefined);
  const grant = useRef<Grant>(undefined);
  const [granted, setGranted] = useState(false);
  const [state, setState] = useState<CardFrame['state']>('loading');
  const [height, setHeight] = useState<number>();
  const [loads, setLoads] = useState(0);
  const [loaded, setLoaded] = useState(0);
  const latest = useRef({ getGrant, onMessage });
  latest.current = { getGrant, onMessage };
  const theme = useTheme().resolvedTheme === 'dark' ? 'dark' : 'light';

  const send = useCallback((message: ToFrame) => link.current?.send(message), []);
  const reload = useCallback(() => {
    setState('loading');
    setLoads((count) => count + 1);
  }, []);
  const renewGrant = useCallback(async () => {
    grant.current = await latest.current.getGrant();
    setGranted(true);
    send({ kind: 'grant', grant: grant.current.grant });
  }, [send]);

  useEffect(reload, [reload]);

  useEffect(() => {
    if (loads === 0) return;
    const fail = () => setState((now) => (now === 'ready' ? now : 'failed'));
    const timer = setTimeout(fail, loadWithin);
    renewGrant().catch(fail);
    return () => clearTimeout(timer);
  }, [loads, renewGrant]);

  // Greeted anew when the colours change: what was typed stays, and the frame dresses like the page.
  useEffect(() => {
    const frame = element.current;
    if (loaded === 0 || !granted || !grant.current || !frame) return;
    const opened = linkFrame(frame, {
      origin: new URL(url).origin,
      hello: { grant: grant.current.grant, locale: navigator.language, theme },
      onWelcome: () => setState('ready'),
      onMessage: (message) =>
        message.kind === 'height' ? setHeight(message.pixels) : latest.current.onMessage(message),
    });
    link.current = opened;
    return opened.close;
  }, [granted, loaded, theme, url]);

  async function ensureGrant() {
    const left = (grant.current?.expiresAt.getTime() ?? 0) - Date.now();
    if (left < endsSoon) await renewGrant();
  }

  const onLoad = () => setLoaded(loads);
  return { element, url, loads, state, height, send, renewGrant, ensureGrant, onLoad, reload };
}
