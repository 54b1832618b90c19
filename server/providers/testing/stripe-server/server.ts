import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#server/kernel/clock.ts';
import { answerHealth } from '#server/observability/health.ts';
import { type Route, routeOf } from './api.ts';
import { behind } from './back-room.ts';
import { answerChallenge, challengePage } from './challenge.ts';
import { Fault } from './fault.ts';
import { Fields } from './form.ts';
import type { Desk } from './intents.ts';
import { type Answered, makeKeys } from './keys.ts';
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
  const once = makeKeys();
  const telling = makeTelling({ ...webhooks, clock });
  const backRoom = behind({ ledger, levers, telling });
  const tell: Desk['tell'] = (type, object, by) => telling.tell(type, shown(object), by);
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => fail(response, error));
  });
  await new Promise<void>((ready, failed) => server.once('error', failed).listen(port, '127.0.0.1', ready));
  const address = server.address() as AddressInfo;
  const desk: Desk = { ledger, tell, url: `http://127.0.0.1:${address.port}` };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await answerHealth(request, response, { ready: () => true })) return;
    const url = new URL(request.url ?? '/', desk.url);
    const { pathname, searchParams } = url;
    const method = request.method ?? '';
    const text = Buffer.concat(await request.toArray()).toString();
    if (pathname.startsWith('/challenges/')) return atTheBank(pathname, text, { method, response });
    if (request.headers.authorization !== `Bearer ${key}`) throw unauthenticated();
    const told = backRoom(method, url, text);
    if (told !== undefined) return say(response, { status: 200, text: told });
    const route = routeOf(method, pathname, desk);
    if (!route)
      throw new Fault(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${pathname}).` });
    const fields = method === 'GET' ? searchParams.toString() : text;
    await atTheApi(route, { fields, path: pathname, by: String(request.headers['idempotency-key'] ?? ''), response });
  }

  async function atTheApi(route: Route, { fields, path, by, response }: Asked): Promise<void> {
    const lever = levers.take(route.kind);
    const cut = () => void response.socket?.destroy();
    if (lever?.fault === 'slow' && !lever.after) await clock.sleep(lever.milliseconds ?? 1_000);
    if (lever?.fault === 'lose_before' || (lever?.fault === 'reset' && !lever.after)) return cut();
    if (lever?.fault === 'error' && !lever.after) throw gatewayError();
    const work = async () => attempt(() => route.answer(new Fields(fields), by));
    const answered = by === '' ? await work() : await once(by, `${path} ${fields}`, work);
    if (lever?.fault === 'lose_after' || lever?.fault === 'reset') return cut();
    if (lever?.fault === 'error') throw gatewayError();
    if (lever?.fault === 'slow' && lever.after) await clock.sleep(lever.milliseconds ?? 1_000);
    say(response, answered);
  }

  function atTheBank(path: string, text: string, { method, response }: { method: string; response: ServerResponse }) {
    const intent = ledger.intents.get(path.split('/')[2] ?? '');
    if (!intent) throw new Fault(404, { type: 'invalid_request_error', message: 'No such challenge.' });
    if (method === 'GET')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(challengePage(intent));
    const said = new URLSearchParams(text).get('answer') ?? undefined;
    response.writeHead(303, { location: answerChallenge(intent, said, desk) }).end();
  }

  return {
    url: desk.url,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Asked {
  fields: string;
  path: string;
  /** The idempotency key. */
  by: string;
  response: ServerResponse;
}

function attempt(work: () => object): Answered {
  try {
    return { status: 200, text: JSON.stringify(work()) };
  } catch (error) {
    // A card's "no" is kept under its key like every other answer; what is wrong with a request is not.
    if (error instanceof Fault && error.status === 402) return written(error);
    throw error;
  }
}

function written({ status, error, intent }: Fault): Answered {
  return { status, text: JSON.stringify({ error: { ...error, ...(intent && { payment_intent: shown(intent) }) } }) };
}

function fail(response: ServerResponse, error: unknown): void {
  const fault = error instanceof Fault ? error : new Fault(500, { type: 'api_error', message: String(error) });
  if (!response.headersSent && !response.destroyed) say(response, written(fault));
}

function say(response: ServerResponse, { status, text }: Answered): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_FlorinTest' }).end(text);
}

function unauthenticated(): Fault {
  return new Fault(401, { type: 'invalid_request_error', message: 'Invalid API Key provided.' });
}

function gatewayError(): Fault {
  return new Fault(500, { type: 'api_error', message: 'An error occurred internally with Stripe.' });
}
