import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Frame, type Page } from '@playwright/test';

/** A browser: the one that CHROMIUM_PATH names, Playwright's own, or the system's. */
export function openBrowser(): Promise<Browser> {
  const places = [process.env.CHROMIUM_PATH, chromium.executablePath(), '/usr/bin/chromium', '/usr/bin/google-chrome'];
  const executablePath = places.find((path) => path && existsSync(path));
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : [];
  return chromium.launch({ args, ...(executablePath && { executablePath }) });
}

export interface ParentOptions {
  frameUrl: string;
  grant: string;
  theme?: 'light' | 'dark';
  look?: object;
  width?: number;
}

/** What a page around the frame does: greets it until it is welcomed, then listens and orders over the port. */
const script = (options: ParentOptions) => `
  const options = ${JSON.stringify(options)};
  const frame = document.querySelector('iframe');
  const origin = new URL(options.frameUrl).origin;
  const nonce = 'nonce-of-this-page';
  window.heard = [];
  window.welcomes = 0;
  const greet = setInterval(() => frame.contentWindow.postMessage({ florin: 'hello', nonce, grant: options.grant,
    locale: 'en-GB', theme: options.theme ?? 'light', look: options.look ?? {} }, origin), 100);
  addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin || event.data.florin !== 'welcome') return;
    window.welcomes++;
    clearInterval(greet);
    window.order = (message) => event.ports[0].postMessage(message);
    event.ports[0].onmessage = ({ data }) => {
      window.heard.push(data);
      if (data.kind === 'height') frame.style.height = data.pixels + 'px';
    };
  });
  frame.src = options.frameUrl;
`;

/** A server whose only page shows the frame as a checkout would. */
export async function servePage() {
  let options: ParentOptions | undefined;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(options ? page(options) : '');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    /** By another host name than the vault's, as in life. */
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    shows(next: ParentOptions) {
      options = next;
    },
    stop: () => server.close(),
  };
}

function page(options: ParentOptions): string {
  const { theme = 'light', width = 440 } = options;
  const paint =
    theme === 'dark' ? 'background:oklch(0.205 0.007 190);color-scheme:dark' : 'background:#fff;color-scheme:light';
  return `<!doctype html><html lang="en" style="${paint}"><title>Shop</title><body style="margin:24px"><main><h1 style="font-size:0">Pay</h1>
    <iframe title="Card details" sandbox="allow-scripts allow-same-origin allow-forms"
      style="border:0;display:block;width:${width}px;max-width:100%;height:114px;color-scheme:inherit"></iframe></main>
    <script>${script(options)}</script>`;
}

declare global {
  interface Window {
    heard: { kind: string; [field: string]: unknown }[];
    welcomes: number;
    order(message: object): void;
  }
}

/** What the frame has told the page around it, of one kind. */
export async function heard(page: Page, kind: string) {
  return (await page.evaluate(() => window.heard)).filter((message) => message.kind === kind);
}

/** The card frame inside the page, once it has been welcomed. */
export async function frameOf(page: Page): Promise<Frame> {
  await page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'change'));
  const frame = page.frames().find((one) => one.url().endsWith('/frame'));
  if (!frame) throw new Error('the page shows no frame');
  return frame;
}
