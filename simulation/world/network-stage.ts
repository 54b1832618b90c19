import { systemClock } from '#server/kernel/clock.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import { makeDice } from '../engine/dice.ts';
import type { Engine, Life } from '../engine/engine.ts';
import type { ProviderName } from '../plan.ts';
import { type HeldAcquirer, makeHeldAcquirer } from './acquirer.ts';
import { type Course, makeWire, type Trouble } from './exchange.ts';
import { makePlaces } from './network-places.ts';
import { type Letter, makeVault, type Reply } from './vault.ts';
import { makeTokens } from './vault-tokens.ts';
import type { Signed } from './webhooks.ts';

/** The double of the vault, the wire and the acquirers, in real time: for tests that look at a watch. */
export interface RealTime {
  client: VaultClient;
  acquirers: Record<ProviderName, HeldAcquirer>;
  /** The next letter of this sort takes another course. */
  disturb(asked: Letter['asked'], course: (plain: Course) => Course): void;
  mend(): void;
  /** What was said on the wire, the last at the end. */
  replies: Reply[];
  webhooks: Signed[];
}

/** The wire is so many times as quick as in virtual time. */
const quicker = 10;

export function inRealTime(): RealTime {
  const engine = realTime();
  const places = makePlaces();
  const webhooks: Signed[] = [];
  const replies: Reply[] = [];
  const disturbed = new Map<Letter['asked'], (plain: Course) => Course>();
  const send = async (webhook: Signed) => {
    webhooks.push(webhook);
    return 200;
  };
  const made = (name: ProviderName) => makeHeldAcquirer({ engine, name, places, send });
  const acquirers = { alder: made('alder'), birch: made('birch') };
  const tokens = makeTokens(systemClock);
  const trouble: Trouble = {
    course({ asked }, plain) {
      const course = disturbed.get(asked) ?? ((one: Course) => one);
      disturbed.delete(asked);
      return course(plain);
    },
    unreachable: () => undefined,
    before: async () => undefined,
    after: async () => {},
    over: () => {},
    held: () => undefined,
  };
  const wire = makeWire({ engine, acquirers, trouble, now: systemClock.now });
  const carry = async (letter: Letter) => {
    const reply = await wire.carry(letter);
    replies.push(reply);
    return reply;
  };
  const vault = makeVault({ engine, clock: systemClock, tokens, places, carry });
  return {
    client: vault(engine.begin('api')),
    acquirers,
    disturb: (asked, course) => void disturbed.set(asked, course),
    mend: () => disturbed.clear(),
    replies,
    webhooks,
  };
}

/** An engine that takes things as they come. */
function realTime(): Engine {
  const began = performance.now();
  const begin = (name: string): Life => ({
    name,
    alive: true,
    skew: 0,
    clock: systemClock,
    end: () => {},
    freeze: () => {},
    onEnd: () => () => {},
  });
  return {
    dice: makeDice(11),
    tally: { injected: () => {}, took: () => {}, met: () => new Map(), counts: () => ({}) as never },
    elapsed: () => performance.now() - began,
    begin,
    step: async (_life, _kind, _what, run) => run(async () => {}),
    after: (ms, fn) => systemClock.after(ms / quicker, fn),
    note: () => {},
  };
}
