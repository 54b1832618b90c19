/** What the vault's frame tells its parent. A card number never does: the frame keeps it. */
export type FromFrame =
  | { kind: 'change'; complete: boolean; brand: string | null; errors: Partial<Record<CardField, string>> }
  | { kind: 'height'; pixels: number }
  /** The shopper pressed Enter in a field: to them it is one form. */
  | { kind: 'enter' }
  | { kind: 'token'; token: string; brand: string; last4: string }
  | { kind: 'failed'; code: string; message: string };

export type ToFrame =
  | { kind: 'submit' | 'lock' | 'unlock' | 'clear_cvc' }
  | { kind: 'focus'; field?: CardField }
  | { kind: 'grant'; grant: string };

export type CardField = 'number' | 'expiry' | 'cvc';

export interface Hello {
  grant: string;
  locale: string;
  theme: 'light' | 'dark';
}

export interface FrameLink {
  send(message: ToFrame): void;
  close(): void;
}

interface LinkOptions {
  /** The vault's exact origin: greeted there and believed from there alone. */
  origin: string;
  hello: Hello;
  onWelcome: () => void;
  onMessage: (message: FromFrame) => void;
}

const pingEvery = 100;

/**
 * Opens a private line to the vault's frame. The parent asks until the frame answers, since either may be ready first;
 * the answer must come from that window, that origin, and with this nonce, and brings the port for everything else.
 */
export function linkFrame(frame: HTMLIFrameElement, { origin, hello, onWelcome, onMessage }: LinkOptions): FrameLink {
  const nonce = newNonce();
  let port: MessagePort | undefined;
  const ping = () => frame.contentWindow?.postMessage({ florin: 'hello', nonce, ...hello }, origin);
  const timer = setInterval(ping, pingEvery);

  function onWindowMessage(event: MessageEvent) {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    if (event.data?.florin !== 'welcome' || event.data?.nonce !== nonce || !event.ports[0]) return;
    stopAsking();
    port = event.ports[0];
    port.onmessage = ({ data }) => onMessage(data as FromFrame);
    onWelcome();
  }

  function stopAsking() {
    clearInterval(timer);
    window.removeEventListener('message', onWindowMessage);
  }

  window.addEventListener('message', onWindowMessage);
  return {
    send: (message) => port?.postMessage(message),
    close() {
      stopAsking();
      port?.close();
    },
  };
}

/** 128 random bits, hex. Not `randomUUID`, which browsers have on secure origins only. */
export function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
