import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Listens on both of localhost's addresses, 127.0.0.1 and, where the machine has it, ::1. The second hands its
 * connections to the first: Fastify's own second server would answer broken requests without the wire's envelope.
 *
 * @param port  0 takes a free one.
 * @returns     The port, which closes with the app.
 */
export async function listen(app: FastifyInstance, port: number): Promise<number> {
  const second = createServer((socket) => app.server.emit('connection', socket));
  app.addHook('preClose', (done) => {
    second.close();
    done();
  });
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address();
  const taken = address === null || typeof address === 'string' ? port : address.port;
  await new Promise<void>((settled, failed) => {
    second.once('error', (error: Error & { code?: string }) => {
      const noIpv6 = error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
      return noIpv6 ? settled() : failed(error);
    });
    second.listen({ host: '::1', port: taken, ipv6Only: true }, settled);
  });
  return taken;
}
