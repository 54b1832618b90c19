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
  /** How often it was loaded: 0 until this page listens, since a frame that comes sooner would speak to nobody. */
  loads: number;
  url: string;
  state: 'loading' | 'ready' | 'failed';
  /** What the frame needs, told by itself; undefined until it did. */
  height: number | undefined;
  send(message: ToFrame): void;
  /** Hands the frame a new grant: each is good for one card, and for 15 minutes. */
  renewGrant(): Promise<void>;
  /** Renews the grant only where it is about to end. */
  ensureGrant(): Promise<void>;
  reload(): void;
}

const loadWithin = 8_000;
const endsSoon = 60_000;

/**
 * Loads the vault's frame and keeps the line to it.
 *
 * @param url       The frame's whole URL.
 * @param getGrant  Asks the checkout for a grant.
 * @param onMessage Everything the frame says, its height left out.
 */
export function useCardFrame({
  url,
  getGrant,
  onMessage,
}: {
  url: string;
  getGrant: () => Promise<Grant>;
  onMessage: (message: FromFrame) => void;
}): CardFrame {
  const element = useRef<HTMLIFrameElement>(null);
  const link = useRef<FrameLink>(undefined);
  const endsAt = useRef(0);
  const [state, setState] = useState<CardFrame['state']>('loading');
  const [height, setHeight] = useState<number>();
  const [loads, setLoads] = useState(0);
  const { resolvedTheme } = useTheme();
  const latest = useRef({ getGrant, onMessage, theme: resolvedTheme });
  latest.current = { getGrant, onMessage, theme: resolvedTheme };

  const askGrant = useCallback(async () => {
    const grant = await latest.current.getGrant();
    endsAt.current = grant.expiresAt.getTime();
    return grant.grant;
  }, []);

  const reload = useCallback(() => setLoads((count) => count + 1), []);
  useEffect(reload, [reload]);

  useEffect(() => {
    const frame = element.current;
    if (loads === 0 || !frame) return;
    let gone = false;
    setState('loading');
    const fail = () => !gone && setState((now) => (now === 'ready' ? now : 'failed'));
    const timer = setTimeout(fail, loadWithin);
    askGrant()
      .then((grant) => {
        if (gone) return;
        link.current = linkFrame(frame, {
          origin: new URL(url).origin,
          hello: { grant, locale: navigator.language, theme: latest.current.theme === 'dark' ? 'dark' : 'light' },
          onWelcome: () => setState('ready'),
          onMessage: (message) =>
            message.kind === 'height' ? setHeight(message.pixels) : latest.current.onMessage(message),
        });
      })
      .catch(fail);
    return () => {
      gone = true;
      clearTimeout(timer);
      link.current?.close();
    };
  }, [url, loads, askGrant]);

  const send = useCallback((message: ToFrame) => link.current?.send(message), []);
  const renewGrant = useCallback(async () => send({ kind: 'grant', grant: await askGrant() }), [askGrant, send]);
  const ensureGrant = useCallback(
    async () => (endsAt.current - Date.now() < endsSoon ? renewGrant() : undefined),
    [renewGrant],
  );
  return { element, state, height, send, renewGrant, ensureGrant, reload, loads, url };
}
