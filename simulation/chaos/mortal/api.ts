import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { runApi } from '#server/api/run.ts';
import { awaitOrders, current, type Operation } from './fate.ts';

// The API as it runs, and one that knows what it is doing when it dies.

const routes: [RegExp, string][] = [
  [/^\/v1\/payment_intents\/[^/]+\/(confirm|capture|cancel)$/, ''],
  [/^\/v1\/payment_intents$/, 'create'],
  [/^\/v1\/refunds$/, 'refund'],
  [/^\/v1\/checkout\/sessions$/, 'open session'],
  [/^\/v1\/checkout\/sessions\/[^/]+\/expire$/, 'expire session'],
  [/^\/webhooks\//, 'receive webhook'],
];

function nameOf(method: string, path: string): string {
  if (method !== 'POST') return 'look';
  for (const [route, name] of routes) {
    const found = route.exec(path);
    if (found) return name || (found[1] ?? '');
  }
  return 'other';
}

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const { method = '', url = '', headers } = request;
  const key = headers['idempotency-key'] ?? headers['webhook-id'] ?? '';
  const about = `${method} ${url} ${key}`;
  const operation: Operation = { name: nameOf(method, url.split('?', 1)[0] ?? ''), about, commits: 0, isOpen: true };
  response.once('close', () => {
    operation.isOpen = false;
  });
  current.enterWith(operation);
});

const failpoint = await awaitOrders(() => current.getStore());
await runApi({ failpoint });
