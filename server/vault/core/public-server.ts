import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { answerHealth, type Ready } from '#server/observability/health.ts';
import type { Log } from '#server/observability/log.ts';
import { counter } from '#server/observability/metrics.ts';
import { type Listening, listen } from '#server/workload/listening.ts';
import { answerProblem, problemOf } from '#server/workload/problem.ts';
import { cardForm } from './card-input.ts';
import { makeFrameDocument } from './document.ts';
import { readJson, shaped } from './json-body.ts';
import type { Tokens } from './tokens.ts';

export interface PublicSeams {
  /** The address that browsers know this server by: the only origin that tokens are made for. */
  publicUrl: string;
  /** Origins whose pages may show the frame. */
  parents: readonly string[];
  tokens: Pick<Tokens, 'tokenise'>;
  ready: Ready;
  log: Log;
  clock?: Clock;
}

type Door = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const largestBody = 2 * 1024;
const cards = counter({
  name: 'florin_vault_cards_total',
  help: 'Cards that shoppers sent to be tokenised, by what became of them.',
  labels: ['outcome'],
});

/** What browsers reach: the card frame, and the door that its cards come in by. Nothing here sets or reads a cookie. */
export async function publicServer(seams: PublicSeams, where: { port: number; host: string }): Promise<Listening> {
  const doors: Record<string, Door> = {
    'GET /frame': frameDoor(seams),
    'GET /frame/geist.woff2': fontDoor(),
    'POST /tokens': tokenDoor(seams),
  };
  const server = createServer({
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    // How often the two are looked at.
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8 * 1024,
  });
  server.on('request', (request, response) => void answer(request, response, { doors, ...seams }));
  return listen(server, { ...where, clock: seams.clock ?? systemClock });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { doors, ready, log }: PublicSeams & { doors: Record<string, Door> },
): Promise<void> {
  const route = `${request.method} ${(request.url ?? '').split('?', 1)[0]}`;
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  try {
    if (await answerHealth(request, response, { ready })) return;
    const door = Object.hasOwn(doors, route) ? doors[route] : undefined;
    if (!door) throw new Refusal('not_found', 'There is nothing here.');
    await door(request, response);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status === 500) log.error({ route, error }, 'vault: a browser could not be answered');
    answerProblem(response, problem);
  }
}

function frameDoor({ parents, publicUrl }: PublicSeams): Door {
  const { html, headers } = makeFrameDocument({ parents, https: publicUrl.startsWith('https:') });
  const small = brotliCompressSync(html);
  return (request, response) => {
    const brotli = /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
    response.writeHead(200, { ...headers, vary: 'accept-encoding', ...(brotli && { 'content-encoding': 'br' }) });
    response.end(brotli ? small : html);
  };
}

/** The typeface of the page around, so that the card looks like a part of its form. */
function fontDoor(): Door {
  const sans = fileURLToPath(import.meta.resolve('geist/font/sans'));
  const font = readFileSync(new URL('fonts/geist-sans/Geist-Variable.woff2', `file://${sans}`));
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'font/woff2', 'cache-control': 'public, max-age=31536000, immutable' });
    response.end(font);
  };
}

function tokenDoor({ publicUrl, tokens, log }: PublicSeams): Door {
  const { origin } = new URL(publicUrl);
  return async (request, response) => {
    try {
      // The frame alone: a page of another origin would have to ask first, and is told nothing (no CORS).
      if (request.headers.origin !== origin)
        throw new Refusal('forbidden', 'Cards are taken from the card form alone.');
      const {
        grant,
        number,
        exp_month: expMonth,
        exp_year: expYear,
        cvc,
      } = shaped(await readJson(request, largestBody), cardForm);
      const { id, token, brand, last4, scope } = await tokens.tokenise(grant, { number, expMonth, expYear, code: cvc });
      log.info({ card: id, brand, intent: scope.intentId, merchant: scope.merchantId }, 'tokens: a card was tokenised');
      cards.inc({ outcome: 'tokenised' });
      response.writeHead(201, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify({ token, brand, last4 }));
    } catch (error) {
      const { code } = problemOf(error);
      cards.inc({ outcome: code });
      log.info({ code }, 'tokens: a card was refused');
      throw error;
    }
  };
}
