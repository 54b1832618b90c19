import type { RawSql } from '#db/client.ts';
import type { Bus, Consumer } from '#server/events/consumer.ts';
import { logStall } from '#server/events/read.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { gauge } from '#server/observability/metrics.ts';

const labels = ['consumer'] as const;
const lags = gauge({ name: 'florin_consumer_lag_seconds', help: 'Age of the oldest event not seen', labels });
const unseen = gauge({ name: 'florin_consumer_behind_events', help: 'Events not seen, up to 10,000', labels });
const aside = gauge({ name: 'florin_consumer_parked_events', help: 'Events put aside', labels });
const stalled = gauge({ name: 'florin_log_stalled_seconds', help: 'How long a transaction has held up the event log' });

/** Measures how far everybody is with the log, and whether it can be read at all. */
export async function measureLog(seams: {
  sql: RawSql;
  clock: Clock;
  bus: Bus;
  consumers: readonly Consumer[];
}): Promise<0> {
  const { sql, clock, bus, consumers } = seams;
  stalled.set((await logStall(sql, clock.now())) / 1_000);
  for (const { name: consumer, lag, behind, parked } of await bus.standings(consumers)) {
    lags.set({ consumer }, lag / 1_000);
    unseen.set({ consumer }, behind);
    aside.set({ consumer }, parked);
  }
  return 0;
}
