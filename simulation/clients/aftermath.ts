import { providerNames } from '../plan.ts';
import { capturedOf, weighted } from '../plans/payments.ts';
import type { Acquirer } from '../world/world.ts';
import { type Client, named, pause, tell, within } from './client.ts';

/** Milliseconds: the bank is not waited for. */
const patience = 30_000;

/** What the shopper's bank does with what was paid, unasked, and how often. */
const turns = { nothing: 84, 'charges back': 7, 'sends a refund back': 9 } as const;

/** After its last refund a payment may still be moved by others. */
export async function aftermath(client: Client): Promise<void> {
  const { world, payment } = client;
  const turn = weighted<keyof typeof turns>(world.engine.dice, named(client, 'aftermath'), turns);
  if (turn === 'nothing' || (turn === 'sends a refund back' && payment.refunds.length === 0)) return;
  await pause(client, 'aftermath', [100, 40_000]);
  tell(client, `the shopper's bank ${turn}`);
  const made = (acquirer: Acquirer) =>
    turn === 'charges back' ? acquirer.chargeBack(payment.n, part(client)) : acquirer.sendBack(payment.n);
  for (const name of providerNames) {
    if (await within(client, patience, made(world.network.acquirer(name)))) return;
  }
}

/** Mostly all that was paid. */
function part(client: Client): number {
  const whole = capturedOf(client.payment);
  return client.world.engine.dice.chance(named(client, 'aftermath of all'), 0.7) ? whole : Math.ceil(whole / 3);
}
