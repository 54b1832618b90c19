import assert from 'node:assert/strict';
import { test } from 'node:test';
import { within } from './addresses.ts';

test('an address is taken in any way of writing it, and only inside of a block of its own kind', () => {
  const blocks = ['192.0.2.0/24', '2001:db8::/32', '::1', '203.0.113.9'];
  for (const inside of ['192.0.2.0', '192.0.2.255', '::ffff:192.0.2.7', '2001:db8:0:0::1', '::1', '::ffff:203.0.113.9'])
    assert.ok(within(inside, blocks), inside);
  for (const outside of ['192.0.3.0', '::ffff:192.0.3.1', '2001:db9::1', '::2', '203.0.113.8'])
    assert.ok(!within(outside, blocks), outside);
});

test('what is no address lies in no block, not even in the whole internet', () => {
  const everything = ['0.0.0.0/0', '::/0'];
  for (const text of ['', 'unknown', 'localhost', '192.0.2.1.5', '192.0.2.1, 10.0.0.1', '0x7f.1', '127.1'])
    assert.ok(!within(text, everything), text);
});
