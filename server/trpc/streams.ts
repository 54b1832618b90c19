import { processWide } from '#server/observability/process-wide.ts';

/**
 * Aborted when this process is told to stop. Every answer that stays open watches it: a server that waits for an open
 * stream would never exit.
 */
export function stopping(): AbortController {
  return processWide('streams', () => new AbortController());
}
