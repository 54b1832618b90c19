import { setTimeout as sleep } from 'node:timers/promises';
import { makeChance } from '../chance.ts';
import type { House } from '../house/house.ts';
import { journey } from './merchants.ts';
import { makePatience, type Unanswered } from './patience.ts';
import { makeShoppers } from './shoppers.ts';
import { type Line, openLine } from './wire.ts';

/** Clients at work, each one payment after the other. */
export interface Load {
  line: Line;
  /** Journeys begun. */
  begun(): number;
  /** Nobody begins anything more; resolves when all have ended or gone away. */
  stop(): Promise<void>;
  unanswered(): Unanswered[];
  close(): Promise<void>;
}

/** One journey in so many is a shopper's at the checkout; the others are merchants' own. */
const shopperOneIn = 4;

export function startLoad(house: House, { seed, clients }: { seed: number; clients: number }): Load {
  const line = openLine(house);
  const shoppers = makeShoppers(house);
  let isOver = false;
  let begun = 0;
  const patience = makePatience(line, makeChance(seed, 'patience'), () => isOver);

  async function work(n: number): Promise<void> {
    const chance = makeChance(seed, `client ${n}`);
    while (!isOver) {
      begun += 1;
      const client = { name: `c${begun}`, merchant: chance.pick(house.merchants), door: chance.pick([0, 1] as const) };
      const doing = { chance, line, patience };
      await (chance.one(shopperOneIn) ? shoppers.shop(doing, client) : journey(doing, client));
      await sleep(chance.whole(20, 150));
    }
  }

  const working = Promise.all(Array.from({ length: clients }, (_, n) => work(n)));
  // Heard when the load is stopped.
  working.catch(() => {});
  return {
    line,
    begun: () => begun,
    async stop() {
      isOver = true;
      await working;
    },
    unanswered: () => patience.unanswered(),
    close: async () => void (await Promise.all([line.close(), shoppers.close()])),
  };
}
