import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getGlobalOrigin, setGlobalOrigin } from 'undici';

/** A question that the page has put, until the test answers it, or lets it hang. */
export interface Put {
  procedure: string;
  response: ServerResponse;
  answer(data: unknown): void;
}

/** What stands at the other end of a page's calls: a real server, whose answers come when the test says so. */
export async function checkoutServer() {
  const puts: Put[] = [];
  const arrivals = new Set<() => void>();
  const server = createServer((request, response) => {
    const procedure = request.url?.split('/checkout.')[1] ?? '';
    const answer = (data: unknown) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ result: { data: { json: data } } }));
    };
    request.resume();
    puts.push({ procedure, response, answer });
    for (const arrive of arrivals) arrive();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const before = getGlobalOrigin();
  // As in a page, whose paths lead to where it came from.
  setGlobalOrigin(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    puts,
    /** The nth that was put, from 0, once it is. */
    async put(n: number): Promise<Put> {
      for (;;) {
        const found = puts[n];
        if (found) return found;
        await new Promise<void>((resolve) => arrivals.add(resolve));
      }
    },
    async [Symbol.asyncDispose]() {
      setGlobalOrigin(before);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
