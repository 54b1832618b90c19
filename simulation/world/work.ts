import type { Composition } from '#server/composition/rooms.ts';
import type { Consumer } from '#server/events/consumer.ts';
import type { Job } from '#server/jobs/every.ts';
import { jobsOf } from '#server/jobs/jobs.ts';
import type { Engine, Life } from '../engine/engine.ts';
import type { Troubled } from './consumer-faults.ts';
import type { Traffic } from './traffic.ts';

interface WorkSeams {
  life: Life;
  rooms: Composition;
  engine: Engine;
  traffic: Traffic;
  troubled: Troubled;
}

/**
 * Measures and alerts change nothing that the judge looks at, nothing is old enough to be forgotten, and there are no
 * sessions whose orders anybody could send, and no banks.
 */
// biome-ignore format: a list
const leftOut = new Set([
  'measure the log', 'look for trouble', 'deliver alerts', 'prune webhooks', 'prune keys', 'sweep sessions',
  'fulfil orders', 'compensate orders', 'alert of orders', 'match bank statements', 'watch reconciliation',
]);

/** Virtual milliseconds between two runs of a job, at the least: who looks less often finds more at once. */
const leastPause = 4_000;
/** And at the most: a day of the simulation ends within minutes. */
const mostPause = 30_000;

/** A job that found nothing to do rests up to so many times longer: an idle hour must not cost an hour. */
const laziest = 16;

/** A worker's jobs, each in a loop of its own as in production, at a pace that the dice give. */
export function work(seams: WorkSeams): void {
  for (const job of jobsOf(inTrouble(seams))) if (!leftOut.has(job.name)) void again(seams, job);
}

function inTrouble({ life, rooms, traffic, troubled }: WorkSeams): Composition {
  const { bus } = rooms;
  const consumers = rooms.consumers.map((consumer): Consumer => troubled(life, consumer));
  const run: typeof bus.run = (consumer, limit) => {
    traffic.runs(consumer.name);
    return bus.run(consumer, limit);
  };
  return { ...rooms, consumers, bus: { ...bus, run } };
}

async function again({ life, engine, traffic }: WorkSeams, job: Job): Promise<void> {
  let laziness = 1;
  for (let turn = 0; ; turn += 1) {
    const pace = 0.5 + engine.dice.of(`pace/${life.name}/${job.name}/${turn}`);
    await life.clock.sleep(Math.min(Math.max(job.pause, leastPause), mostPause) * pace * laziness);
    const rest = traffic.working(life);
    const count = await job.run(job.limit).catch(() => 0);
    rest();
    laziness = count === 0 ? Math.min(laziness * 2, laziest) : 1;
  }
}
