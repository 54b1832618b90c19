import type { Consumer } from '../consumer.ts';
import { hasNews, type PlacedEvent, type ReadEvent, readLog } from '../read.ts';
import type { BusSeams } from '../seams.ts';
import { attempt, EffectFailed } from './attempt.ts';
import { cursorOf, moveCursor, takeCursor } from './cursor.ts';
import { parkBehind, parkedPayments, parkFailing } from './parked.ts';

/** Hands on at most `limit` of the next events. Where their effect fails, they come again one by one. */
export async function advance(seams: BusSeams, consumer: Consumer, limit: number): Promise<number> {
  // Asked outside of a transaction: a consumer with nothing to do writes nothing and holds up nobody.
  if (!(await hasNews(seams.sql, await cursorOf(seams, consumer.name)))) return 0;
  const taken = await take(seams, consumer, limit);
  if (!taken.failed || limit === 1) return settle(seams, consumer, taken);
  let count = 0;
  while (count < taken.count) {
    const dealt = await settle(seams, consumer, await take(seams, consumer, 1));
    if (dealt === 0) break;
    count += dealt;
  }
  return count;
}

/** What failed standing alone is parked: read one by one, since a longer read sees past more that means nothing. */
async function settle(seams: BusSeams, consumer: Consumer, { count, last, failed }: Taken): Promise<number> {
  return failed && last ? park(seams, consumer, last, failed) : count;
}

interface Taken {
  /** Events read or passed over; dealt with unless their effect failed. */
  count: number;
  last: PlacedEvent | undefined;
  failed: EffectFailed | undefined;
}

/** Deals with at most `limit` events in one transaction, or, where their effect fails, with none. */
async function take({ transact, clock }: BusSeams, consumer: Consumer, limit: number): Promise<Taken> {
  const { name, triggers } = consumer;
  const now = clock.now();
  let read: ReadEvent[] = [];
  const result = await attempt((watched) =>
    transact('events.consume', async (tx) => {
      const place = await takeCursor(tx, name);
      read = place ? await readLog(tx, place, { limit, triggers }) : [];
      const last = read.at(-1);
      if (!last) return;
      const events = read.map(({ event }) => event).filter(({ trigger }) => !triggers || triggers.includes(trigger));
      const parked = await parkedPayments(tx, name, events);
      const behind = events.filter(({ paymentId }) => parked.has(paymentId));
      const free = events.filter(({ paymentId }) => !parked.has(paymentId));
      await parkBehind(tx, name, behind, now);
      await watched(async () => {
        if (free.length > 0) await consumer.effect(tx, free);
        // Also this fails where an effect has swallowed an error of the database's.
        await moveCursor(tx, name, last.place, now);
      });
    }),
  );
  const [last, failed] = [read.at(-1), result instanceof EffectFailed ? result : undefined];
  return { count: last?.nth ?? 0, last, failed };
}

/** Goes on without this event. @returns 0 where another worker was faster. */
function park(
  { transact, clock }: BusSeams,
  { name, triggers }: Consumer,
  failing: PlacedEvent,
  { words }: EffectFailed,
) {
  const now = clock.now();
  return transact('events.park', async (tx) => {
    const place = await takeCursor(tx, name);
    const [next] = place ? await readLog(tx, place, { limit: 1, triggers }) : [];
    if (next?.event.id !== failing.event.id) return 0;
    await parkFailing(tx, name, { event: next.event, error: words }, now);
    await moveCursor(tx, name, next.place, now);
    return next.nth;
  });
}
