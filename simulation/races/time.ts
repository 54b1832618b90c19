import type { Clock } from '#server/kernel/clock.ts';
import { type Ids, uuidv7 } from '#server/kernel/id.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Schedule } from './schedule.ts';

/** When each schedule begins; what it starts from was made an hour before. */
export const noon = Date.parse('2026-03-01T12:00:00Z');

/** Milliseconds: nothing is tried again after so long, only given up. */
const longest = 10_000;

/** The clock as a simulated process has it: what waits for time waits for its turn. */
export function clockOf(schedule: Schedule, who: string): Clock {
  return {
    now: () => new Date(schedule.now),
    sleep: (ms) =>
      new Promise((ring) => {
        schedule.figures.again += 1;
        schedule.alarm(who, { what: 'looks again', ms, ring });
      }),
    after(ms, ring) {
      // Patience with a database that hangs, which ours never does.
      if (ms >= longest) return schedule.alarm(who, { what: 'loses patience', ms, patient: true, ring });
      schedule.figures.again += 1;
      return schedule.alarm(who, { what: 'comes again to a row that was held', ms, ring });
    },
    idle: (run) => void schedule.step({ who, what: 'gathers what has come in', run }),
  };
}

/** Ids in the order in which they were asked for, also within one millisecond. */
export function idsOf(now: () => number, random: Random): Ids {
  let made = 0;
  return uuidv7({ now: () => new Date(now() + made++), random });
}
