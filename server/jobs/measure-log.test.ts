import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ids, logOnDatabase, scribe } from '#server/events/testing/log.ts';
import { metricsText } from '#server/observability/metrics.ts';
import { measureLog } from './measure-log.ts';

test('lag, unseen and parked events of each consumer are measured, and how long the log is held up', async () => {
  await using log = await logOnDatabase();
  const bus = log.worker();
  const consumers = [scribe('slow'), scribe('sick', () => true)];
  await log.append([1, 2].map((seq) => ({ payment: ids(), seq })));
  for (const consumer of consumers.slice(1)) await bus.run(consumer, 100);
  log.clock.forward(3_000);
  await measureLog({ sql: log.owner, clock: log.clock, bus, consumers });
  const lines = (await metricsText()).split('\n').filter((line) => /^florin_(consumer|log)/.test(line));
  assert.deepEqual(lines.sort(), [
    'florin_consumer_behind_events{consumer="sick"} 0',
    'florin_consumer_behind_events{consumer="slow"} 2',
    'florin_consumer_lag_seconds{consumer="sick"} 0',
    'florin_consumer_lag_seconds{consumer="slow"} 3',
    'florin_consumer_parked_events{consumer="sick"} 2',
    'florin_consumer_parked_events{consumer="slow"} 0',
    'florin_log_stalled_seconds 0',
  ]);
});
