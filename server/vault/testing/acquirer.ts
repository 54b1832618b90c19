import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface Heard {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
}

type Reply = (response: ServerResponse, heard: Heard) => void;

const approve: Reply = (response) => {
  response.writeHead(201, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id: 'auth_1', status: 'approved', amount: 1250, currency: 'EUR' }));
};

/** A stand-in for a provider behind a real socket: it hears everything and says what it is told to say. */
export async function startAcquirer() {
  const heard: Heard[] = [];
  let reply = approve;
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, text };
    heard.push(one);
    reply(response, one);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    /** What it says from now on; approves where nothing is given. */
    says(next: Reply = approve) {
      reply = next;
    },
    saysJson(status: number, body: unknown) {
      reply = (response) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}
