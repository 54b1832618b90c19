import type { Consumer, LoggedEvent } from '../consumer.ts';
import { readEvent } from '../read.ts';
import type { BusSeams } from '../seams.ts';
import { attempt, EffectFailed } from './attempt.ts';
import { takeCursor } from './cursor.ts';
import { type Due, dueEvents, dueOf, failAgain, unpark } from './parked.ts';

/** Tries parked events whose time has come, and after each that goes through those that waited behind it. */
export async function retryDue(seams: BusSeams, consumer: Consumer, limit: number): Promise<number> {
  const { sql, clock } = seams;
  let count = 0;
  for (const first of await dueEvents(sql, consumer.name, { now: clock.now(), limit })) {
    let due: Due | undefined = first;
    while (due && count < limit && (await retry(seams, consumer, due))) {
      count += 1;
      due = await dueOf(sql, consumer.name, first.payment_id, clock.now());
    }
  }
  return count;
}

/** @returns Whether the event has gone through. */
async function retry(seams: BusSeams, consumer: Consumer, asked: Due): Promise<boolean> {
  const { transact, clock } = seams;
  const { name } = consumer;
  const now = clock.now();
  let event: LoggedEvent | undefined;
  const done = await attempt((watched) =>
    transact('events.retry', async (tx) => {
      // Whoever parks behind and whoever takes out has the cursor, so that nothing is ever left behind nobody.
      if (!(await takeCursor(tx, name))) return false;
      const due = await dueOf(tx, name, asked.payment_id, now);
      const next = due?.seq === asked.seq ? await readEvent(tx, due.payment_id, due.seq) : undefined;
      if (!next) return false;
      event = next;
      await watched(async () => {
        await consumer.effect(tx, [next]);
        await unpark(tx, name, asked, now);
      });
      return true;
    }),
  );
  if (!(done instanceof EffectFailed)) return done;
  const over = await transact('events.retry-failed', (tx) => failAgain(tx, name, asked, { error: done.words, now }));
  if (over && event) seams.onParked?.(event, name, done.words);
  return false;
}
