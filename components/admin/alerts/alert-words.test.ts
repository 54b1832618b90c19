import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellingWords } from './alert-words.ts';

const telling = { channel: 'webhook', address: 'https://hook.test', lastAnswer: null, tries: 0 } as const;

test('who was told is told from who was not, and from who never will be', () => {
  const failed = { ...telling, tries: 3, lastAnswer: 'answered 503' };
  assert.deepEqual(
    [
      tellingWords({ ...telling, news: 'raised', standing: 'delivered' }),
      tellingWords({ ...telling, news: 'raised', standing: 'waiting' }),
      tellingWords({ ...failed, news: 'raised', standing: 'waiting' }),
      tellingWords({ ...failed, news: 'resolved', standing: 'given_up' }),
    ],
    [
      'told',
      'not told yet',
      'not told yet: answered 503 (3 tries)',
      'never told that it is over: answered 503 (3 tries)',
    ],
  );
});
