import { parseArgs } from 'node:util';
import { planOf } from '../plans/plan-of.ts';
import { openStage } from '../run/seed.ts';

/** One world of a trial, as it is told line by line. */
export interface World {
  seed: number;
  payments: number;
  breaches: { invariant: string; says: string }[];
}

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '20000' },
    each: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    faults: { type: 'string', default: '1' },
  },
});

/** Runs one world after the other, in the tree where this file stands, until one is broken or enough was paid. */
const stage = await openStage();
const each = Number(values.each);
const last = Number(values.from) + Math.ceil(Number(values.payments) / each);
for (let seed = Number(values.from); seed < last; seed += 1) {
  const { breaches, payments } = await stage.run(planOf(seed, { payments: each, faults: Number(values.faults) }));
  // The judge has to see it: what the protocol's model alone does not know counts for nothing here.
  const broken = breaches.filter(({ invariant }) => invariant !== 'model');
  const world: World = { seed, payments, breaches: broken.map(({ invariant, says }) => ({ invariant, says })) };
  process.stdout.write(`${JSON.stringify(world)}\n`);
  if (broken.length > 0) break;
}
await stage.close();
