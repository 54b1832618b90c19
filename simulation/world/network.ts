import type { Engine } from '../engine/engine.ts';
import { type Plan, type ProviderName, providerNames } from '../plan.ts';
import { type HeldAcquirer, makeHeldAcquirer } from './acquirer.ts';
import { makeAcquirerFaults } from './acquirer-faults.ts';
import { makeWire, type Trouble } from './exchange.ts';
import { makeExchangeFaults } from './exchange-faults.ts';
import { makePlaces } from './network-places.ts';
import { makeVault } from './vault.ts';
import { makeTokens } from './vault-tokens.ts';
import { makeCarrier, makePostOffice } from './webhooks.ts';
import { makeWebhookFaults } from './webhooks-faults.ts';
import type { DeliverWebhook, Network } from './world.ts';

export interface NetworkSeams {
  engine: Engine;
  plan: Pick<Plan, 'faults'>;
  deliver: DeliverWebhook;
}

/** The vault, the wire and two acquirers, on the engine's steps and virtual time, under the plan's faults. */
export function makeNetwork({ engine, plan, deliver }: NetworkSeams): Network {
  const places = makePlaces();
  const { clock } = engine.begin('vault');
  const tokens = makeTokens(clock);
  const isCutOff = (n: number | undefined) => outages.isCutOff(n);
  const webhooks = makeWebhookFaults({ engine, plan, carry: makeCarrier({ engine, deliver }), isCutOff });
  const office = makePostOffice({ engine, places, post: webhooks.post });
  const made = (name: ProviderName) => makeHeldAcquirer({ engine, name, places, send: office.from(name) });
  const acquirers: Record<ProviderName, HeldAcquirer> = { alder: made('alder'), birch: made('birch') };
  const outages = makeAcquirerFaults({ engine, plan, acquirers });
  const exchanges = makeExchangeFaults(engine, plan);
  const trouble: Trouble = {
    ...outages,
    course: (letter, plain) => outages.course(letter, plain) ?? exchanges.course(letter, plain),
    over(passage) {
      outages.over(passage);
      exchanges.over(passage);
    },
    held: webhooks.held,
  };
  const wire = makeWire({ engine, acquirers, trouble, now: clock.now });
  return {
    vault: makeVault({ engine, clock, tokens, places, carry: wire.carry }),
    token: tokens.ofPlan,
    placeOf: places.ofPayment,
    acquirer: (name) => acquirers[name],
    async endDay() {
      for (const name of providerNames) await acquirers[name].endDay();
    },
    files: () => providerNames.reduce((sum, name) => sum + acquirers[name].files(), 0),
    reports: (reader) => new Map(providerNames.map((name) => [name, acquirers[name].reports(reader)])),
    quiet: () =>
      wire.underWay() === 0 && office.underWay() === 0 && providerNames.every((name) => acquirers[name].untold() === 0),
  };
}
