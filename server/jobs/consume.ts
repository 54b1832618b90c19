import type { Bus, Consumer } from '#server/events/consumer.ts';
import type { Job } from './every.ts';

/** More in one transaction would hold up the log for everybody, which nothing may for longer than a second. */
const atOnce = 200;

/** Milliseconds after which a consumer looks for itself, in case the word of new events was lost. */
const patience = 250;

/** A job for each consumer, so that none waits for another; it rests until the log grows. */
export function consumerJobs({ bus, consumers }: { bus: Bus; consumers: readonly Consumer[] }): Job[] {
  return consumers.map((consumer) => ({
    name: `consume ${consumer.name}`,
    pause: patience,
    limit: atOnce,
    run: (limit) => bus.run(consumer, limit),
    rest: (pause, signal) => bus.awaitNews(pause, signal),
  }));
}
