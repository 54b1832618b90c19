import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { serveHealth } from './health.ts';
import { counter, histogram, metricsText } from './metrics.ts';

let isReady: () => boolean | Promise<boolean> = () => true;
const server = await serveHealth({ port: 0, ready: () => isReady() });
after(() => server.close());

async function ask(path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: response.status, body: await response.text() };
}

test('a process is healthy as soon as it listens, and ready only while its dependencies answer', async () => {
  assert.deepEqual(await ask('/health'), { status: 200, body: '{"status":"ok"}' });
  assert.deepEqual(await ask('/ready?probe=1'), { status: 200, body: '{"status":"ok"}' });
  const no = { status: 503, body: '{"status":"unavailable"}' };
  isReady = () => false;
  assert.deepEqual(await ask('/ready'), no);
  isReady = () => Promise.reject(new Error('connection refused'));
  assert.deepEqual(await ask('/ready'), no);
  isReady = () => new Promise(() => {});
  assert.deepEqual(await ask('/ready'), no);
  assert.equal((await ask('/health')).status, 200);
});

test('it answers nothing else', async () => {
  assert.equal((await ask('/')).status, 404);
  assert.equal((await ask('/health', 'POST')).status, 404);
  assert.deepEqual(await ask('/health', 'HEAD'), { status: 200, body: '' });
});

test('metrics show what was counted, and one name is one metric however often it is asked for', async () => {
  const named = { name: 'florin_test_total', help: 'of this test', labels: ['outcome'] as const };
  counter(named).inc({ outcome: 'accepted' });
  counter(named).inc({ outcome: 'accepted' });
  histogram({ name: 'florin_test_seconds', help: 'of this test' }).observe(0.02);
  const { body } = await ask('/metrics');
  assert.match(body, /florin_test_total\{outcome="accepted"\} 2/);
  assert.match(body, /florin_test_seconds_bucket\{le="0.025"\} 1/);
  assert.match(body, /process_cpu_seconds_total/);
  assert.equal(typeof (await metricsText()), 'string');
});

test('a taken port is an error of the start, not of a later moment', async () => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, listening));
  const { port } = other.address() as { port: number };
  await assert.rejects(serveHealth({ port, ready: () => true }), { code: 'EADDRINUSE' });
  other.close();
});
