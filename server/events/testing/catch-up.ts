import type { RawSql } from '#db/client.ts';
import type { Bus, Consumer } from '../consumer.ts';
import { logStall } from '../read.ts';

const soon = 5;

/** Runs a consumer until it has seen everything. Other tests write on the same server, and hold the log up for it. */
export async function catchUp(bus: Bus, consumer: Consumer, limit = 1_000): Promise<void> {
  for (;;) {
    while ((await bus.run(consumer, limit)) > 0);
    const [standing] = await bus.standings([consumer]);
    if (standing?.behind === 0) return;
    await bus.awaitNews(soon);
  }
}

/** Waits until nobody holds up what has been appended so far: what is run then sees all of it. */
export async function settled(sql: RawSql): Promise<void> {
  const farFuture = new Date('9999-01-01');
  while ((await logStall(sql, farFuture)) > 0) await new Promise((resolve) => setTimeout(resolve, soon));
}
