import { runDoor } from '#server/trpc/testing/run-door.ts';
import { awaitOrders, current } from './fate.ts';
import { followRequests } from './requests.ts';

// The door that the checkout's pages call, and one that knows what it is doing when it dies.

followRequests((_, path) => (path.endsWith('/checkout.confirm') ? 'press' : 'look'));

const failpoint = await awaitOrders(() => current.getStore());
await runDoor({ failpoint });
