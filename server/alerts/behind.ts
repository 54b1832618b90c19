import type { ConsumerStanding } from '#server/events/consumer.ts';
import type { NewAlert } from './alerts.ts';

/** Milliseconds that the oldest unseen event may wait: far more than a busy minute takes. */
const patience = 60_000;

/** Consumers that do not keep up with the log. */
export function consumersBehind(standings: readonly ConsumerStanding[]): NewAlert[] {
  return standings
    .filter(({ lag }) => lag > patience)
    .map(({ name, behind, lag }) => ({
      kind: 'consumer_behind',
      merchantId: null,
      subject: name,
      title: `The consumer ${name} does not keep up: what should follow from events comes late`,
      detail: { Consumer: name, 'Events unseen': String(behind), 'Oldest waits': `${Math.round(lag / 1000)} s` },
    }));
}
