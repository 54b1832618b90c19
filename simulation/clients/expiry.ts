import type { Caller } from '#server/auth/caller.ts';
import { readId } from '#server/kernel/id.ts';
import { type Client, named, tell, within } from './client.ts';
import type { Intent } from './wire.ts';

/** Milliseconds that whoever closes a checkout waits for its end. */
const patience = 30_000;

/**
 * The checkout's time is over: who looks after sessions ends their unpaid intents, and takes no money back. `/v1` has
 * no word for it, since no merchant does it.
 */
export async function expire(client: Client, { id }: Intent): Promise<void> {
  const { world, merchant } = client;
  const [one, other] = world.engine.dice.chance(named(client, 'sweeper'), 0.5)
    ? (['worker-1', 'worker-2'] as const)
    : (['worker-2', 'worker-1'] as const);
  const rooms = world.rooms(one) ?? world.rooms(other);
  const intentId = readId('intent', id);
  if (!rooms || !intentId) return;
  tell(client, 'the time of the checkout is over');
  const worker: Caller = { kind: 'workload', merchantId: merchant.id, name: 'worker' };
  await within(client, patience, rooms.payments.cancel(worker, { intentId, reason: 'expired', onlyUnpaid: true }));
}
