import { runApi } from '#server/api/run.ts';
import { awaitOrders, current } from './fate.ts';
import { followRequests } from './requests.ts';

// The API as it runs, but for one thing: it knows what it is doing when it dies.

const routes: [RegExp, string][] = [
  [/^\/v1\/payment_intents\/[^/]+\/(confirm|capture|cancel)$/, '$1'],
  [/^\/v1\/payment_intents$/, 'create'],
  [/^\/v1\/refunds$/, 'refund'],
  [/^\/v1\/checkout\/sessions$/, 'open session'],
  [/^\/webhooks\/.*$/, 'receive webhook'],
];

followRequests((method, path) => {
  const [route, name] = routes.find(([route]) => route.test(path)) ?? [];
  return method === 'POST' && route && name ? path.replace(route, name) : 'look';
});

const failpoint = await awaitOrders(() => current.getStore());
await runApi({ failpoint });
