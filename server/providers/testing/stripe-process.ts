import { request } from 'undici';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess } from '#server/observability/testing/process.ts';
import type { Effect } from './stripe-server/ledger.ts';
import type { Lever } from './stripe-server/levers.ts';

export interface StripeProcessOptions {
  /** What events are signed with, and whom to tell of them: nobody where left out, until `listen` names one. */
  webhooks?: { url?: string; secret: string };
}

/** Starts the Stripe-speaking server with empty books, as a process of its own. */
export async function startStripeProcess({ webhooks }: StripeProcessOptions = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const key = 'sk_test_of_the_stripe_server';
  const child = await startProcess('server/providers/testing/stripe-server/main.ts', {
    ready: `${url}/ready`,
    env: {
      FLORIN_STRIPE_SERVER_PORT: String(port),
      FLORIN_STRIPE_SERVER_KEY: key,
      ...(webhooks && {
        ...(webhooks.url && { FLORIN_STRIPE_SERVER_WEBHOOK_URL: webhooks.url }),
        FLORIN_STRIPE_SERVER_WEBHOOK_SECRET: webhooks.secret,
      }),
    },
  });

  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<string> {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await request(`${url}${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered ${answer.statusCode}: ${text}`);
    return text;
  }

  return {
    url,
    key,
    /** What really happened there, of one payment or at all. */
    async books(reference?: string): Promise<Effect[]> {
      const lines = (await ask('GET', `/books${reference ? `?reference=${reference}` : ''}`)).split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Effect);
    },
    pull: (lever: Lever) => ask('POST', '/levers', lever),
    release: () => ask('DELETE', '/levers'),
    listen: (url: string) => ask('POST', '/listener', { url }),
    stop: () => child.stop(),
  };
}
