import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came over the wire. */
export interface Received {
  headers: Record<string, string | undefined>;
  body: Buffer;
}

export interface Inbox {
  url: string;
  /** Everything that came so far. */
  received: readonly Received[];
  /** What is answered from now on; 200 at first. */
  answerWith(status: number): void;
  /** The first that fits, or a later one, whether it is there or still to come. @throws Error after 10 s. */
  find(fits: (one: Received) => boolean, nth?: number): Promise<Received>;
  stop(): Promise<void>;
}

/** A server of a test that takes whatever is posted to it. */
export async function openInbox(): Promise<Inbox> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers as Received['headers'], body: Buffer.concat(chunks) });
    response.writeHead(status).end();
    for (const look of waiting) look();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/inbox`,
    received,
    answerWith(next) {
      status = next;
    },
    find(fits, nth = 1) {
      const { promise, resolve, reject } = Promise.withResolvers<Received>();
      const look = () => {
        const found = received.filter(fits)[nth - 1];
        if (found) resolve(found);
      };
      waiting.add(look);
      const late = setTimeout(() => reject(new Error(`not among ${received.length} that came`)), 10_000);
      look();
      return promise.finally(() => {
        clearTimeout(late);
        waiting.delete(look);
      });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
