import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#server/kernel/clock.ts';

export interface Listening {
  port: number;
  /** Takes no more calls, lets those under way end for `patience` ms, then cuts them. */
  stop(patience?: number): Promise<void>;
}

/** @param port  0 takes any free one. */
export async function listen(
  server: HttpServer | HttpsServer,
  { port, host, clock }: { port: number; host: string; clock: Clock },
): Promise<Listening> {
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(port, host, listening));
  return {
    port: (server.address() as AddressInfo).port,
    async stop(patience = 4_000) {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const cancel = clock.after(patience, () => server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}
