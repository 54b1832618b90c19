import { createServer, type IncomingMessage } from 'node:http';

/** Whoever sends the goods: decides once for each key, and keeps a journal. */
export interface Warehouse {
  port: number;
  /** By key: the id of the order's command. */
  sent(): ReadonlyMap<string, 'shipped' | 'refused'>;
  stop(): Promise<void>;
}

/** What it never has on its shelves, so that orders are compensated. */
export const soldOut = 'Bell';

/** Speaks the protocol of `server/checkout/warehouse-http.ts`. */
export async function startWarehouse(port: number): Promise<Warehouse> {
  const decided = new Map<string, 'shipped' | 'refused'>();
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const asked = decodeURIComponent(request.url?.split('/shipments/')[1] ?? '');
    const key = asked || String(request.headers['idempotency-key']);
    if (request.method === 'POST' && !decided.has(key))
      decided.set(key, body.includes(soldOut) ? 'refused' : 'shipped');
    const status = decided.get(key);
    const said = status === 'refused' ? { status, reason: `${soldOut} is sold out` } : { status: status ?? 'unknown' };
    response.writeHead(status ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    port,
    sent: () => decided,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
