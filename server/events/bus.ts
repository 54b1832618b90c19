import { Refusal } from '#server/kernel/refusal.ts';
import type { Bus } from './consumer.ts';
import { advance } from './core/advance.ts';
import { makeNews } from './core/news.ts';
import { tryNow } from './core/parked.ts';
import { retryDue } from './core/retry.ts';
import { givenUp, parkedOf, standings } from './core/standings.ts';
import type { BusSeams } from './seams.ts';

/** What the trigger `events_wake_readers` notifies. */
const channel = 'florin_events';

/**
 * The bus over PostgreSQL. A consumer's cursor is a row; whoever has it locked acts for the consumer, so that any
 * number of workers may run. Effect and cursor are one transaction.
 */
export function makeBus(seams: BusSeams): Bus {
  const { sql, transact, clock } = seams;
  const listen = seams.listen ?? ((wake) => sql.listen(channel, wake, wake));
  return {
    async run(consumer, limit) {
      const retried = await retryDue(seams, consumer, limit);
      return retried + (await advance(seams, consumer, limit));
    },
    awaitNews: makeNews({ clock, listen }),
    standings: (consumers) => standings(sql, consumers, clock.now()),
    parked: (merchantId) => parkedOf(sql, merchantId),
    async retry(consumer, eventId, merchantId) {
      const asked = { eventId, merchantId };
      const found = await transact('events.retry-asked', (tx) => tryNow(tx, consumer, asked, clock.now()));
      if (!found) throw new Refusal('not_found', 'No such parked event.');
    },
    givenUp: (limit) => givenUp(sql, limit),
  };
}
