import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Standing } from '#server/checkout/view.ts';
import { outcomeOf } from './attempt.ts';
import { Late, Refused } from './call.ts';

const open: Standing = { kind: 'open', declined: null };
const processing: Standing = { kind: 'processing' };
const lost = () => new TypeError('Failed to fetch');
const late = () => new Late('no answer');

/** What each send and each question comes to, in turn; tells what was done, in order. */
async function became(sends: (Standing | Error)[], asks: (Standing | undefined)[] = []) {
  const did: string[] = [];
  const outcome = await outcomeOf({
    async send() {
      did.push('send');
      const next = sends.shift();
      assert.ok(next, 'sent once too often');
      if (next instanceof Error) throw next;
      return next;
    },
    async ask() {
      did.push('ask');
      assert.ok(asks.length > 0, 'asked once too often');
      return asks.shift();
    },
    pause: async (milliseconds) => void did.push(String(milliseconds)),
  });
  return { ...outcome, did: did.join(' ') };
}

test('an attempt whose answer is lost is sent again, and its own answer tells', async () => {
  const { standing, why, did } = await became([lost(), processing]);
  assert.deepEqual([standing, why, did], [processing, undefined, 'send 1000 send']);
});

test('three that are lost at once, and nothing taken: so it is told, and another card may be tried', async () => {
  const { standing, why, did } = await became([lost(), lost(), lost()], [open]);
  assert.equal(did, 'send 1000 send 2000 send ask');
  assert.deepEqual([standing, why instanceof TypeError], [open, true]);
});

test('where a send was given up, "nothing taken" is not the last word: the same attempt is sent until it has an answer', async () => {
  const { standing, why, did } = await became([late(), lost(), lost(), late(), open], [open, open, undefined]);
  assert.equal(did, 'send ask 1000 send 2000 send ask 3000 send ask 4000 send');
  assert.deepEqual([standing, why], [open, undefined]);
});

test('where a send was given up, the checkout is asked at once, and believed when money may have moved', async () => {
  const { standing, did } = await became([late()], [processing]);
  assert.deepEqual([standing, did], [processing, 'send ask']);
});

test('while nobody answers it goes on, at most five seconds apart', async () => {
  const sends = Array.from({ length: 7 }, lost);
  const { standing, did } = await became(
    [...sends, processing],
    [undefined, undefined, undefined, undefined, undefined],
  );
  assert.equal(standing, processing);
  assert.equal(
    did
      .split(' ')
      .filter((one) => /\d/.test(one))
      .join(' '),
    '1000 2000 3000 4000 5000 5000 5000',
  );
});

test('what is refused is not sent again, and is never taken for "not charged" unless the checkout says so', async () => {
  const refused = () => new Refused('No.', { code: 'throttled' });
  assert.deepEqual((await became([refused()], [open])).standing, open);
  assert.deepEqual((await became([refused()], [undefined])).standing, processing);
  assert.deepEqual((await became([refused()], [undefined])).did, 'send ask');
});
