import { Agent, request } from 'undici';
import { type Answers, makeAnswers } from '../../clients/answers.ts';
import type { House } from '../house/house.ts';
import type { Merchant } from '../house/merchants.ts';

export interface Ask {
  /** From `/v1/`: `payment_intents`. */
  path: string;
  key: string;
  body: string;
}

export interface Reply {
  status: number;
  body: string;
}

/** How clients reach the APIs: over HTTP, with all that they are told put on record for the judge. */
export interface Line {
  /** @returns undefined where no answer came. */
  post(client: Client, ask: Ask): Promise<Reply | undefined>;
  look(client: Client, path: string): Promise<Reply | undefined>;
  answers: Answers;
  /** Requests that wait for an answer now. */
  underWay(): number;
  close(): Promise<void>;
}

export interface Client {
  name: string;
  merchant: Merchant;
  /** Which API it turns to next. */
  door: 0 | 1;
}

/** A client waits so long for an answer; the product itself may wait for the database and for two providers. */
const patience = 25_000;

export function openLine({ apiUrls }: Pick<House, 'apiUrls'>): Line {
  const agent = new Agent({ connections: 32, connect: { timeout: 2_000 } });
  const answers = makeAnswers();
  let waiting = 0;

  async function send(client: Client, method: 'GET' | 'POST', { path, key, body }: Partial<Ask>) {
    const url = `/v1/${path}`;
    const headers: Record<string, string> = {
      authorization: `Bearer ${client.merchant.key}`,
      ...(key !== undefined && { 'idempotency-key': key, 'content-type': 'application/x-www-form-urlencoded' }),
    };
    waiting += 1;
    const reply = await exchange(`${apiUrls[client.door]}${url}`, { method, headers, body: body ?? null });
    waiting -= 1;
    const asked = { client: client.name, merchantId: client.merchant.id, at: new Date() };
    answers.keep(asked, { method, url, headers, body: body ?? '' }, reply);
    if (!reply) client.door = client.door === 0 ? 1 : 0;
    return reply;
  }

  async function exchange(url: string, options: Omit<Parameters<typeof request>[1] & object, 'dispatcher'>) {
    try {
      const answer = await request(url, { ...options, dispatcher: agent, signal: AbortSignal.timeout(patience) });
      return { status: answer.statusCode, body: await answer.body.text() };
    } catch {
      return undefined;
    }
  }

  return {
    post: (client, ask) => send(client, 'POST', ask),
    look: (client, path) => send(client, 'GET', { path }),
    answers,
    underWay: () => waiting,
    close: () => agent.destroy(),
  };
}

/** Whether the same request is to be sent again: its key is in use, or something is down. */
export function saysComeAgain({ status }: Reply): boolean {
  return status === 409 || status === 429 || status >= 500;
}

export function read(reply: Reply | undefined): Record<string, unknown> {
  try {
    return JSON.parse(reply?.body ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}
