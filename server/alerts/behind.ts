import type { ConsumerStanding } from '#server/events/consumer.ts';
import type { NewAlert } from './alerts.ts';

/** Milliseconds that the oldest unseen event may wait: far more than a busy minute takes. */
const patience = 60_000;

/** Milliseconds that a transaction may hold up the log for everybody. */
const stallAtMost = 1_000;

const path = '/admin/events';

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
      path,
    }));
}

/** A log that nobody can read any further. @param stall  Milliseconds since the oldest event that cannot be read. */
export function logHeldUp(stall: number): NewAlert[] {
  if (stall <= stallAtMost) return [];
  const detail = {
    'Held up for': `${Math.round(stall / 1000)} s`,
    'Look for': 'a transaction on the database server that writes and does not end: pg_stat_activity, by xact_start',
    'After a restore': 'run the migrations, which raise the epoch of the log',
  };
  const title = 'The event log is held up: nothing follows from what happens to payments';
  return [{ kind: 'consumer_behind', merchantId: null, subject: 'the log', title, detail, path }];
}
