import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '#server/kernel/clock.ts';
import { answerHealth } from '#server/observability/health.ts';
import { routeOf } from './api.ts';
import { behind } from './back-room.ts';
import { answerChallenge, challengePage } from './challenge.ts';
import { Fault } from './fault.ts';
import { fail, makeFrontDesk, say } from './front-desk.ts';
import type { Desk } from './intents.ts';
import { makeLedger } from './ledger.ts';
import { makeLevers } from './levers.ts';
import { shown } from './render.ts';
import { makeTelling } from './webhooks.ts';

export interface StripeServerOptions {
  port: number;
  /** The secret key that callers must show; the levers and the books take it too. */
  key: string;
  webhooks: { url: string | undefined; secret: string };
  clock: Clock;
}

/** Starts the account's other end: an API, its books, its levers, and the page of a bank. */
export async function startStripeServer({ port, key, webhooks, clock }: StripeServerOptions) {
  const ledger = makeLedger(clock);
  const levers = makeLevers();
  const telling = makeTelling({ ...webhooks, clock });
  const tell: Desk['tell'] = (type, object, by) => telling.tell(type, shown(object), by);
  const desk: Desk = { ledger, tell, url: `http://127.0.0.1:${port}` };
  const backRoom = behind({ ledger, levers, telling });
  const frontDesk = makeFrontDesk({ levers, clock });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await answerHealth(request, response, { ready: () => true })) return;
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', desk.url);
    const text = Buffer.concat(await request.toArray()).toString();
    if (url.pathname.startsWith('/challenges/')) return atTheBank({ method, url, text }, response, desk);
    if (headers.authorization !== `Bearer ${key}`) throw refusal(401, 'Invalid API Key provided.');
    const told = backRoom(method, url, text);
    if (told !== undefined) return say(response, { status: 200, text: told });
    const route = routeOf(method, url.pathname, desk);
    if (!route) throw refusal(404, `Unrecognized request URL (${url.pathname}).`);
    const fields = method === 'GET' ? url.searchParams.toString() : text;
    const by = headers['idempotency-key'] ?? '';
    await frontDesk({ route, fields, path: url.pathname, key: String(by) }, response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => fail(response, error));
  });
  await new Promise<void>((ready, failed) => server.once('error', failed).listen(port, '127.0.0.1', ready));
  return {
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Visit {
  method: string;
  url: URL;
  text: string;
}

/** For the shopper, who has no key: the page, and what they say on it. */
function atTheBank({ method, url, text }: Visit, response: ServerResponse, desk: Desk): void {
  const intent = desk.ledger.intents.get(url.pathname.split('/')[2] ?? '');
  if (!intent) throw refusal(404, 'No such challenge.');
  if (method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(challengePage(intent));
  } else {
    const said = new URLSearchParams(text).get('answer') ?? undefined;
    response.writeHead(303, { location: answerChallenge(intent, said, desk) }).end();
  }
}

function refusal(status: number, message: string): Fault {
  return new Fault(status, { type: 'invalid_request_error', message });
}
