import { planOf } from '../plans/plan-of.ts';
import type { Errand, Told } from './pool.ts';
import { openStage } from './seed.ts';

const say = (told: Told) => process.send?.(told);

const stage = await openStage();
process.on('message', async ({ seed, payments, faults }: Errand) => {
  try {
    say({ result: await stage.run(planOf(seed, { payments, faults })) });
  } catch (error) {
    say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.on('disconnect', async () => {
  await stage.close();
  process.exit(0);
});
say({ ready: true });
