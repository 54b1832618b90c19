import type { Instrumentation } from 'next';
import { makeLog } from '#server/observability/log.ts';
import { startTracing } from '#server/observability/trace.ts';

const log = makeLog('web');

export function start(): void {
  const tracing = startTracing({ service: 'web' });
  process.once('SIGTERM', () => void tracing.stop());
}

type Where = Parameters<Instrumentation.onRequestError>[2];

/** One line for what a page or a route threw. The route's pattern and not its path: a checkout's path is a secret. */
export function requestFailed(error: unknown, { routePath, routeType }: Where): void {
  // The digest is what the error page shows as its request id.
  const digest = error instanceof Error && 'digest' in error ? error.digest : undefined;
  log.error({ request: digest, route: routePath, kind: routeType, error }, 'request failed');
}
