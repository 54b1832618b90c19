import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import next from 'next';
import { port, readEnv } from '#server/kernel/env.ts';
import { makeLog } from '#server/observability/log.ts';
import { exitOnUncaught } from '#server/observability/process.ts';
import { webSettings } from '#server/trpc/settings.ts';

const root = resolve(import.meta.dirname, '..');
/** How long a request that is under way may take to end, in ms. */
const patience = 3000;

/** `npm run web`: the pages that `npm run build` made, from the environment alone. */
async function main(): Promise<void> {
  const env = readEnv({
    ...webSettings,
    PORT: { read: port, purpose: 'the port of the pages, which FLORIN_WEB_URL names to the outside' },
  });
  if (!existsSync(join(root, '.next/BUILD_ID'))) throw new Error('The pages are not built yet: run `npm run build`.');
  const app = next({ dir: root, dev: false, port: env.PORT, hostname: 'localhost' });
  await app.prepare();
  exitOnUncaught(makeLog('web'));
  const handle = app.getRequestHandler();
  const answer: RequestListener = (request, response) => {
    const no = unanswerable(request);
    if (no) response.writeHead(no, { allow: 'GET, HEAD, POST' }).end();
    else void handle(stamped(request), response);
  };
  // "localhost" is two addresses, and a browser may try either.
  const servers = (await Promise.all(['127.0.0.1', '::1'].map((host) => listen(answer, host, env.PORT)))).flat();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await Promise.all(servers.map(close));
      await app.close();
      process.exit(0);
    });
  }
}

/** The status for what Next would fail at: a method that no `Request` can have, an address that cannot be decoded. */
function unanswerable({ method = '', url = '' }: IncomingMessage): 400 | 405 | undefined {
  if (method === 'TRACE' || method === 'TRACK') return 405;
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return undefined;
  } catch {
    return 400;
  }
}

/**
 * The request with its peer's address behind whatever it claims of addresses itself: trusted hops are counted from the
 * end of that list, where nobody but they and we have written.
 */
function stamped(request: IncomingMessage): IncomingMessage {
  const claimed = request.headers['x-forwarded-for'];
  request.headers['x-forwarded-for'] = [claimed, request.socket.remoteAddress].filter(Boolean).join(', ');
  return request;
}

/** No server where the machine has no such address: IPv6 is switched off in many containers. */
async function listen(answer: RequestListener, host: string, port: number): Promise<Server[]> {
  const server = createServer(answer);
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return [server];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return [];
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), patience);
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
  clearTimeout(late);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
