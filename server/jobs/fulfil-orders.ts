import type { Orders } from '#server/checkout/orders.ts';
import type { Bus, Consumer } from '#server/events/consumer.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { makeBell } from './bell.ts';
import { consumerJobs } from './consume.ts';
import type { Job } from './every.ts';

interface OrderJobsSeams {
  orders: Pick<Orders, 'consumer' | 'fulfil'>;
  consumers: readonly Consumer[];
  bus: Bus;
  clock: Clock;
}

/** What makes an order due. */
const trigger = 'capture';

/** Milliseconds: orders that are paid one after the other share their claims and commits. */
const shortest = 100;

/**
 * The jobs of all consumers, and the one that has warehouses asked. It is woken by what the log tells of orders: the
 * process that reads it writes the commands, so that one process knows of them with no word from the database. Other
 * workers find them, and all of them what is asked again later, when they look.
 */
export function fulfilWhatTheLogTells({ orders, consumers, bus, clock }: OrderJobsSeams): Job[] {
  const bell = makeBell(clock, shortest);
  const fulfil: Job = {
    name: 'fulfil orders',
    pause: 500,
    limit: 20,
    run: (limit) => orders.fulfil(limit),
    rest: bell.rest,
  };
  let told = false;
  const hearing = (consumer: Consumer): Consumer => ({
    ...consumer,
    async effect(tx, events) {
      await consumer.effect(tx, events);
      told ||= events.some((event) => event.trigger === trigger);
    },
  });
  // Not before the commit, which the run has waited for: until then nobody sees what is due.
  const ringing = ({ run, ...job }: Job): Job => ({
    ...job,
    run: (limit) =>
      run(limit).finally(() => {
        if (told) bell.ring();
        told = false;
      }),
  });
  const jobs = consumers.flatMap((consumer) =>
    consumer.name === orders.consumer.name
      ? consumerJobs({ bus, consumers: [hearing(consumer)] }).map(ringing)
      : consumerJobs({ bus, consumers: [consumer] }),
  );
  return [fulfil, ...jobs];
}
