import type { Capabilities, Order, Providers } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Dice } from '../engine/dice.ts';
import type { Acquirer } from './acquirer.ts';
import type { Schedule } from './schedule.ts';

export const provider = 'alder';

export const capabilities: Capabilities = {
  keyLifetime: 86_400_000,
  maxInFlight: 60_000,
  inquiryLag: 1_000,
  tombstone: false,
  cancelsChallenges: false,
  partialCapture: true,
  partialRefund: true,
  authorizationLifetime: 7 * 86_400_000,
};

/** What may become of one request: the rest is answered. Shares of one. */
export interface Weather {
  /** It never arrives. */
  lost: number;
  /** It arrives, and its answer does not. */
  unanswered: number;
  /** Its sender gives up before it arrives. */
  late: number;
  /** It arrives and is refused. */
  refused: number;
}

export const calm: Weather = { lost: 0, unanswered: 0, late: 0, refused: 0 };

export interface Wire {
  schedule: Schedule;
  dice: Dice;
  acquirer: Acquirer;
  weather: Weather;
  /** Hears of each request that was acted on: who tells about it by webhook. */
  acted?: (order: Order, outcome: Outcome) => void;
}

const exchange = { milliseconds: 1 };
const silence: Outcome = { kind: 'unknown', why: 'timeout', exchange };

/** The providers' port of one process: a request and its answer are two steps. */
export function providersOf(wire: Wire, who: string): Providers {
  return {
    names: () => [provider],
    capabilities: () => capabilities,
    health: () => [{ name: provider, charges: 'closed', successRate: null }],
    readWebhook: () => ({ kind: 'rejected', fault: 'malformed' }),
    request: (_, { kind }) => ({ method: 'POST', path: `/${kind}` }),
    send: (_, order, { send }) => carry(wire, who, { order, send }),
    async inquire(_, order) {
      const { schedule, acquirer } = wire;
      const outcome = await schedule.step({
        who,
        what: `asks about the ${order.kind}`,
        run: () => acquirer.tell(order),
      });
      return schedule.step({ who, what: `hears of the ${order.kind}: ${outcome.kind}`, run: () => outcome });
    },
  };
}

async function carry(wire: Wire, who: string, { order, send }: { order: Order; send: number }): Promise<Outcome> {
  const { schedule, acquirer } = wire;
  const { kind } = order;
  const { fate, refuses } = deal(wire, `send ${send} of ${schedule.figures.steps}`);
  const arrive = () =>
    schedule.step({
      who,
      what: `the acquirer hears the ${kind}`,
      run: () => {
        const outcome = acquirer.hear(order, refuses);
        wire.acted?.(order, outcome);
        return outcome;
      },
    });
  if (fate === 'late') void arrive();
  const outcome = fate === 'lost' || fate === 'late' ? silence : await arrive();
  const heard = fate === 'answered' ? outcome : silence;
  const what = heard === silence ? `gives up on the ${kind}` : `hears of the ${kind}: ${heard.kind}`;
  return schedule.step({ who, what, run: () => heard });
}

function deal({ dice, weather }: Wire, name: string) {
  const thrown = dice.of(name);
  const { lost, unanswered, late } = weather;
  const refuses = dice.chance(`${name} refused`, weather.refused);
  const fates = [['lost', lost] as const, ['unanswered', unanswered] as const, ['late', late] as const];
  let share = 0;
  for (const [fate, size] of fates) {
    share += size;
    if (thrown < share) return { fate, refuses };
  }
  return { fate: 'answered' as const, refuses };
}
