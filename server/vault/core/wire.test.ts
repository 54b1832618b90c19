import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { startAcquirer } from '../testing/acquirer.ts';
import { exchange, openPool, type Request } from './wire.ts';

let acquirer: Awaited<ReturnType<typeof startAcquirer>>;

before(async () => {
  acquirer = await startAcquirer();
});

after(() => acquirer.stop());

const request = (changes: Partial<Request> = {}): Request => ({
  method: 'POST',
  path: '/authorizations',
  headers: {},
  body: '{}',
  sendBefore: new Date(Date.now() + 30_000),
  ...changes,
});

/** A clock whose timers run when the test says so. */
function heldTimers(): { clock: Clock; ring: () => void } {
  const timers = new Set<() => void>();
  const after: Clock['after'] = (_ms, fn) => {
    timers.add(fn);
    return () => timers.delete(fn);
  };
  return { clock: { ...systemClock, after }, ring: () => [...timers].forEach((fn) => void fn()) };
}

test('the last look at the clock comes when the connection stands, right before the first byte', async (t) => {
  const pool = openPool(acquirer.url);
  t.after(() => pool.destroy());
  const reply = await exchange(pool, request({ sendBefore: new Date(Date.now() - 1) }), systemClock);
  assert.deepEqual(reply, { kind: 'not_sent', code: 'too_late' });
  assert.equal(acquirer.heard.length, 0);
  assert.equal((await exchange(pool, request(), systemClock)).kind, 'answered');
  assert.equal(acquirer.heard.length, 1);
});

test('a provider that does not answer in time leaves us not knowing', async (t) => {
  const pool = openPool(acquirer.url);
  t.after(() => pool.destroy());
  const { clock, ring } = heldTimers();
  const heard = new Promise<void>((resolve) => acquirer.says(() => resolve()));
  const reply = exchange(pool, request(), clock);
  await heard;
  ring();
  assert.deepEqual(await reply, { kind: 'silent', why: 'timeout' });
  acquirer.says();
});

test('a provider that takes no connection in time was not sent to, and is not sent to later', async (t) => {
  const bytes: Buffer[] = [];
  const mute = createServer((socket) => socket.on('data', (chunk) => bytes.push(chunk)));
  const greeted = new Promise<void>((resolve) =>
    mute.once('connection', (socket) => socket.once('data', () => resolve())),
  );
  await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening));
  t.after(() => mute.close());
  const address = mute.address();
  assert(address && typeof address === 'object');
  // The handshake begins and never ends.
  const pool = openPool(`https://127.0.0.1:${address.port}`);
  t.after(() => pool.destroy());
  const { clock, ring } = heldTimers();
  const reply = exchange(pool, request({ body: '{"canary":1}' }), clock);
  await greeted;
  ring();
  assert.deepEqual(await reply, { kind: 'not_sent', code: 'provider_unreachable' });
  assert.ok(!Buffer.concat(bytes).includes('canary'));
});

test('an answer that breaks off is no answer', async (t) => {
  const pool = openPool(acquirer.url);
  t.after(() => pool.destroy());
  acquirer.says((response) => {
    response.writeHead(201, { 'content-length': '100' });
    response.write('{"status":"approved"', () => response.destroy());
  });
  assert.deepEqual(await exchange(pool, request(), systemClock), { kind: 'silent', why: 'connection_lost' });
  acquirer.says();
});
