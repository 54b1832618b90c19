import type { Engine } from '../engine/engine.ts';
import { type Plan, type ProviderName, providerNames } from '../plan.ts';
import { type HeldAcquirer, makeHeldAcquirer } from './acquirer.ts';
import { makeWire, type Trouble } from './exchange.ts';
import { makePlaces } from './network-places.ts';
import { makeVault } from './vault.ts';
import { makeTokens } from './vault-tokens.ts';
import { makeCarrier, makePostOffice } from './webhooks.ts';
import type { DeliverWebhook, Network } from './world.ts';

export interface NetworkSeams {
  engine: Engine;
  plan: Pick<Plan, 'payments' | 'faults'>;
  deliver: DeliverWebhook;
}

/** The vault, the wire and two acquirers, on the engine's steps and virtual time, under the plan's faults. */
export function makeNetwork({ engine, deliver }: NetworkSeams): Network {
  const places = makePlaces();
  const { clock } = engine.begin('vault');
  const tokens = makeTokens(clock);
  const office = makePostOffice({ engine, places, post: makeCarrier({ engine, deliver }) });
  const made = (name: ProviderName) => makeHeldAcquirer({ engine, name, places, send: office.from(name) });
  const acquirers: Record<ProviderName, HeldAcquirer> = { alder: made('alder'), birch: made('birch') };
  const wire = makeWire({ engine, acquirers, trouble: none, now: clock.now });
  const vault = makeVault({ engine, clock, tokens, places, carry: wire.carry });
  return {
    vault,
    token: tokens.ofPlan,
    placeOf: places.ofPayment,
    acquirer: (name) => acquirers[name],
    quiet: () =>
      wire.underWay() === 0 && office.underWay() === 0 && providerNames.every((name) => acquirers[name].untold() === 0),
  };
}

const none: Trouble = {
  course: (_, plain) => plain,
  unreachable: () => undefined,
  before: async () => undefined,
  after: async () => {},
  over: () => {},
  held: () => undefined,
};
