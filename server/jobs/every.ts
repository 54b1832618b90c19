import type { Clock } from '#server/kernel/clock.ts';
import { withContext } from '#server/observability/context.ts';
import type { Log } from '#server/observability/log.ts';
import { counter, histogram } from '#server/observability/metrics.ts';

export interface Job {
  name: string;
  /** Milliseconds between the end of one run and the start of the next. */
  pause: number;
  /** Returns how much it did; when that is as much as it may do at once, it goes on without a pause. */
  run(limit: number): Promise<number>;
  limit: number;
  /** How it waits for its next run after one that went well: until something may have come up, or for its pause. */
  rest?(pause: number, signal: AbortSignal): Promise<void>;
}

const done = counter({ name: 'florin_job_items_total', help: 'Items that jobs have dealt with', labels: ['job'] });
const failed = counter({ name: 'florin_job_failures_total', help: 'Runs of jobs that failed', labels: ['job'] });
const lasted = histogram({ name: 'florin_job_seconds', help: 'How long a run took', labels: ['job'] });

/**
 * Runs a job again and again until the signal: never two at once, and a failure is logged and outlived. Each line that
 * a run writes names its job as `action`.
 */
export async function every(
  job: Job,
  { clock, log, signal }: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  const { name, limit, pause } = job;
  const sleep = () => clock.sleep(pause, signal).catch(() => {});
  while (!signal.aborted) {
    const began = clock.now().getTime();
    let count = 0;
    let rest = () => job.rest?.(pause, signal) ?? sleep();
    try {
      count = await withContext({ action: name }, () => job.run(limit));
      done.inc({ job: name }, count);
    } catch (error) {
      failed.inc({ job: name });
      rest = sleep;
      log.error({ name, error }, 'a job failed and will run again');
    }
    // Clocks are set back now and then, and a sum of durations only grows.
    lasted.observe({ job: name }, Math.max(0, clock.now().getTime() - began) / 1000);
    if (count < limit) await rest();
  }
}
