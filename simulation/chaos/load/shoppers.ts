import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { House } from '../house/house.ts';
import { webUrl } from '../house/settings.ts';
import { soldOut } from '../house/warehouse.ts';
import type { Doing } from './merchants.ts';
import { type Client, read } from './wire.ts';

/** Shoppers at a checkout: a merchant opens a session, the shopper gives the vault a card and presses the button. */
export interface Shoppers {
  shop(doing: Doing, client: Client): Promise<void>;
  close(): Promise<void>;
}

const pressesAtMost = 6;

export function makeShoppers({ pagesUrl, vaultUrl }: Pick<House, 'pagesUrl' | 'vaultUrl'>): Shoppers {
  const agent = new Agent({ connections: 16, connect: { timeout: 2_000 } });

  async function post(url: string, origin: string, body: object): Promise<Record<string, unknown> | undefined> {
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        dispatcher: agent,
        signal: AbortSignal.timeout(25_000),
      });
      return (await answer.body.json()) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }

  /** A procedure of the pages. */
  async function ask(procedure: string, input: object): Promise<Record<string, unknown> | undefined> {
    const said = await post(`${pagesUrl}/api/trpc/checkout.${procedure}`, webUrl, { json: input });
    return (said as { result?: { data?: { json?: Record<string, unknown> } } } | undefined)?.result?.data?.json;
  }

  async function token(secret: object): Promise<string | undefined> {
    const granted = await ask('frameGrant', secret);
    if (!granted) return undefined;
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2032, cvc: '123' };
    const taken = await post(`${vaultUrl}/tokens`, vaultUrl, { grant: granted.grant, ...card });
    return typeof taken?.token === 'string' ? taken.token : undefined;
  }

  return {
    async shop({ chance, patience }, client) {
      const body = session(chance.one(3) ? soldOut : 'Mug', chance.whole(300, 9_000));
      const opened = read(
        await patience.insist(client, { path: 'checkout/sessions', key: `${client.name}-session`, body }),
      );
      if (typeof opened.url !== 'string') return;
      const secret = { session: new URL(opened.url).pathname.split('/').at(-1) };
      const card = await token(secret);
      // Who cannot type a card goes away.
      if (card === undefined) return;
      const press = { ...secret, token: card, attempt: `${client.name}-press-of-the-button`, email: 'ada@example.com' };
      for (let n = 0; n < pressesAtMost; n += 1) {
        const standing = await ask('confirm', press);
        if (standing?.kind === 'paid' || chance.one(12)) return;
        await sleep(500 + 500 * n);
      }
    },
    close: () => agent.destroy(),
  };
}

function session(name: string, amount: number): string {
  const item = 'line_items[0][price_data]';
  return new URLSearchParams({
    mode: 'payment',
    success_url: 'https://shop.test',
    [`${item}[currency]`]: 'eur',
    [`${item}[unit_amount]`]: String(amount),
    [`${item}[product_data][name]`]: name,
    'line_items[0][quantity]': '1',
  }).toString();
}
