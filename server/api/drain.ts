import type { FastifyInstance } from 'fastify';
import type { Clock } from '#server/kernel/clock.ts';

/** How long a closing server waits for answers that are under way, in milliseconds: it has five seconds in all. */
const patience = 4_000;

/**
 * Lets a closing server answer what it has begun, and only then lose its connections. A payment that is cut off all the
 * same is not lost: its operation is committed, and the worker asks what became of it.
 */
export function drainOnClose(app: FastifyInstance, clock: Clock): void {
  let active = 0;
  const quiet = Promise.withResolvers<void>();
  let closing = false;
  app.addHook('onRequest', (_request, _reply, done) => {
    active += 1;
    done();
  });
  app.addHook('onResponse', (_request, _reply, done) => {
    active -= 1;
    if (closing && active === 0) quiet.resolve();
    done();
  });
  app.addHook('preClose', async () => {
    closing = true;
    if (active > 0) await Promise.race([quiet.promise, clock.sleep(patience)]);
  });
}
