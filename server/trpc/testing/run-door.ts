import { createServer } from 'node:http';
import type { Failpoint } from '#db/failpoints.ts';
import { port, readEnv } from '#server/kernel/env.ts';
import { runProcess } from '#server/observability/process.ts';
import { answer } from '../door.ts';
import { makeRooms } from '../make-rooms.ts';

/** The web process without its pages: only the door that they call, over HTTP. */
export const runDoor = (told: { failpoint?: Failpoint } = {}) =>
  runProcess(async () => {
    const settings = readEnv({ PORT: { read: port, purpose: 'the port that pages call' } });
    const rooms = makeRooms(process.env, told);
    const server = createServer(async (incoming, outgoing) => {
      if (incoming.url === '/health') return void outgoing.end('{}');
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { method = 'GET', url = '/' } = incoming;
      const headers = new Headers(
        Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const request = new Request(`${rooms.webOrigin}${url}`, {
        method,
        headers,
        ...(method === 'POST' && { body: Buffer.concat(chunks) }),
      });
      const context = { rooms, request: rooms.requestId(), seat: undefined, address: '192.0.2.1' };
      const answered = await answer(request, context);
      outgoing.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
    });
    await new Promise<void>((resolve) => server.listen(settings.PORT, '127.0.0.1', resolve));
    return {
      log: rooms.log,
      async stop() {
        server.close();
        server.closeAllConnections();
        await rooms.close();
      },
    };
  });
