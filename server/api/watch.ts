import type { FastifyInstance } from 'fastify';
import type { Log } from '#server/observability/log.ts';
import { histogram } from '#server/observability/metrics.ts';

/** One log line and one measurement for each request, once its answer is out. Health probes are left out. */
export function watch(app: FastifyInstance, log: Log): void {
  const seconds = histogram({
    name: 'florin_api_request_seconds',
    help: 'Time from a request to its answer, by route, method and status.',
    labels: ['route', 'method', 'status'],
  });
  app.addHook('onResponse', (request, reply, done) => {
    done();
    const route = request.routeOptions.url ?? 'none';
    if (isProbe(route)) return;
    const { method, id, caller, about } = request;
    const status = reply.statusCode;
    const milliseconds = reply.elapsedTime;
    seconds.observe({ route, method, status }, milliseconds / 1000);
    log.info(
      { request: id, merchant: caller?.merchantId, method, route, status, milliseconds, ...about },
      'request answered',
    );
  });
}

const isProbe = (route: string) => ['/health', '/ready', '/metrics'].includes(route);
