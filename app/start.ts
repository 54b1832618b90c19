import { stripVTControlCharacters } from 'node:util';
import type { Instrumentation } from 'next';
import { makeLog } from '#server/observability/log.ts';
import { startTracing } from '#server/observability/trace.ts';

const log = makeLog('web');

export function start(): void {
  takePrints();
  const tracing = startTracing({ service: 'web' });
  process.once('SIGTERM', () => void tracing.stop());
}

const levels = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;
const prints = ['debug', 'log', 'info', 'warn', 'error'] as const;

/** Twelve digits and more with anything but letters between them, percent signs too. */
const longNumber = /\d(?:\W{0,3}\d){11,}/g;

/**
 * What libraries print becomes one line of the log: escaped, and without anything that could be a card number, since it
 * may quote what a visitor sent. Texts and errors are kept; any other object may hold anything and stays out.
 */
function takePrints(): void {
  for (const print of prints) {
    console[print] = (...printed: unknown[]) => {
      const text = stripVTControlCharacters(printed.map(inWords).filter(Boolean).join(' ').trim());
      if (text) log[levels[print]]({}, text.replace(longNumber, '[redacted]'));
    };
  }
}

function inWords(printed: unknown): string {
  if (printed instanceof Error) return printed.stack ?? printed.message;
  return typeof printed === 'string' ? printed : '';
}

type Where = Parameters<Instrumentation.onRequestError>[2];

/** One line for what a page or a route threw. The route's pattern and not its path: a checkout's path is a secret. */
export function requestFailed(error: unknown, { routePath, routeType }: Where): void {
  // The digest is what the error page shows as its request id.
  const digest = error instanceof Error && 'digest' in error ? error.digest : undefined;
  log.error({ request: digest, route: routePath, kind: routeType, error }, 'request failed');
}
