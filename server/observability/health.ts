import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsText, metricsType } from './metrics.ts';

/** Whether this process can do its work now: its dependencies answer. A throw or two seconds of silence mean no. */
export type Ready = () => boolean | Promise<boolean>;

export interface HealthAnswer {
  status: number;
  type: string;
  body: string;
}

const deadline = 2000;

/**
 * GET /health (the process lives), GET /ready (its dependencies answer) and GET /metrics; undefined for other paths.
 *
 * @param path  Path of the request, without its query.
 */
export async function healthAnswer(path: string, { ready }: { ready: Ready }): Promise<HealthAnswer | undefined> {
  if (path === '/health') return json(200, 'ok');
  if (path === '/ready') return (await answersInTime(ready)) ? json(200, 'ok') : json(503, 'unavailable');
  if (path === '/metrics') return { status: 200, type: metricsType, body: await metricsText() };
  return undefined;
}

/** Answers where the path is one of the three; false, with nothing written, where it is not. */
export async function answerHealth(
  request: IncomingMessage,
  response: ServerResponse,
  { ready }: { ready: Ready },
): Promise<boolean> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const answer = await healthAnswer((request.url ?? '').split('?', 1)[0] ?? '', { ready });
  if (!answer) return false;
  response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
  return true;
}

/** A server with these three answers and nothing else, for a process that has no door of its own. */
export async function serveHealth({ port, ready }: { port: number; ready: Ready }) {
  const server = createServer(async (request, response) => {
    if (!(await answerHealth(request, response, { ready }))) response.writeHead(404).end();
  });
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(port, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    async close(): Promise<void> {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answersInTime(ready: Ready): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), deadline);
  try {
    return await Promise.race([ready(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function json(status: number, word: string): HealthAnswer {
  return { status, type: 'application/json', body: JSON.stringify({ status: word }) };
}
