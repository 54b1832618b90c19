import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { current, type Operation } from './fate.ts';

/**
 * From now on each request to this process is an operation, from its first byte until its answer is out.
 *
 * @param nameOf  What it asks for: `refund`.
 */
export function followRequests(nameOf: (method: string, path: string) => string): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const { method = '', url = '', headers } = request;
    const about = `${method} ${url} ${headers['idempotency-key'] ?? headers['webhook-id'] ?? ''}`.trim();
    const name = nameOf(method, url.split('?', 1)[0] ?? '');
    const operation: Operation = { name, about, commits: 0, isOpen: true };
    response.once('close', () => {
      operation.isOpen = false;
    });
    current.enterWith(operation);
  });
}
