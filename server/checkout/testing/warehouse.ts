import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Secret } from '#server/kernel/secret.ts';
import type { Consignment } from '../warehouse.ts';
import { makeHttpWarehouse } from '../warehouse-http.ts';

/** What the wire does in place of the plain answer: once for each that is told. */
export type Mishap = 'lose_before' | 'lose_after' | 'error' | 'nonsense';

type Told = Omit<Consignment, 'amount'> & { amount: number };

/** A warehouse of a test's own, over real HTTP: it sends once for each key, whatever happens to the answers. */
export async function startWarehouse() {
  const shipments = new Map<string, { status: 'shipped' | 'refused'; reason?: string; consignment: Told }>();
  const calls: string[] = [];
  const mishaps: Mishap[] = [];
  let soldOut: string | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mishap = mishaps.shift();
    calls.push(`${request.method} ${request.url?.split('/')[1]}`);
    if (mishap === 'lose_before') return void request.socket.destroy();
    const [status, body] = await outcome(request);
    if (mishap === 'lose_after') return void request.socket.destroy();
    if (mishap === 'error') return void response.writeHead(502).end('Bad gateway');
    if (mishap === 'nonsense') return void response.writeHead(200).end('<html>Welcome</html>');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async function outcome(request: IncomingMessage): Promise<[number, object]> {
    if (request.headers.authorization !== 'Bearer test-warehouse-key') return [401, {}];
    if (request.method === 'GET') {
      const known = shipments.get(request.url?.split('/').at(-1) ?? '');
      return known ? [200, shown(known)] : [404, { status: 'unknown' }];
    }
    const key = String(request.headers['idempotency-key']);
    const consignment: Told = JSON.parse(await text(request));
    const made = soldOut ? { status: 'refused' as const, reason: soldOut } : { status: 'shipped' as const };
    const kept = shipments.get(key) ?? { ...made, consignment };
    shipments.set(key, kept);
    return [200, shown(kept)];
  }

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    port: makeHttpWarehouse({ url, key: new Secret('test-warehouse-key') }),
    url,
    shipments,
    calls,
    /** From now on the shelf is empty, and this is what it says; undefined fills it again. */
    sellOut(reason: string | undefined) {
      soldOut = reason;
    },
    mishap: (...more: Mishap[]) => mishaps.push(...more),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function shown({ status, reason }: { status: string; reason?: string }) {
  return { status, ...(reason && { reason }) };
}
