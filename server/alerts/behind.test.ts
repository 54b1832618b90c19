import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consumersBehind, logHeldUp } from './behind.ts';

test('a consumer is behind when its oldest event has waited for more than a minute, however many there are', () => {
  const standing = { name: 'orders', behind: 9_000, lag: 60_000, parked: 3 };
  assert.deepEqual(consumersBehind([standing]), []);
  const [alert] = consumersBehind([standing, { ...standing, name: 'alerts', lag: 60_001 }]);
  assert.deepEqual([alert?.subject, alert?.detail['Events unseen']], ['alerts', '9000']);
});

test('a log that is held up for more than a second is told of as a whole', () => {
  assert.deepEqual(logHeldUp(1_000), []);
  assert.deepEqual(
    logHeldUp(4_400).map(({ subject, detail }) => [subject, detail['Held up for']]),
    [['the log', '4 s']],
  );
});
