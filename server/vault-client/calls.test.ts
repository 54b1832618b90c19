import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { type Authority, ensureAuthority } from '#server/workload/authority.ts';
import { makeCalls } from './calls.ts';

let folder: string;
let authority: Authority;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'florin-calls-'));
  authority = await ensureAuthority(folder);
});

after(() => rm(folder, { recursive: true }));

interface Heard {
  type: string | undefined;
  /** The bodies of its calls. */
  bodies: unknown[];
  response: ServerResponse;
}

/** A vault in words alone: it hears requests, and a test says what they are answered. */
async function given(t: TestContext, clock: Clock = systemClock) {
  const { ca, cert, key } = await authority.issue('vault');
  const [caText, certText, keyText] = await Promise.all([ca, cert, key].map((file) => readFile(file)));
  const server = createServer({ ca: caText, cert: certText, key: keyText });
  const agent = workloadAgent(await authority.issue('api'), { to: 'vault' });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(async () => {
    await agent.destroy();
    server.close();
  });
  const requests: Heard[] = [];
  const waiting: ((heard: Heard) => void)[] = [];
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const type = request.headers['content-type'];
    const parts = Buffer.concat(await request.toArray())
      .toString()
      .split('\n')
      .map((part) => JSON.parse(part));
    const heard = { type, bodies: type === 'application/json' ? parts : parts.map(({ body }) => body), response };
    requests.push(heard);
    waiting.shift()?.(heard);
  });
  const { port } = server.address() as AddressInfo;
  return {
    ask: makeCalls({ url: `https://127.0.0.1:${port}`, agent, clock }),
    requests,
    next: () => new Promise<Heard>((hear) => waiting.push(hear)),
  };
}

const line = (call: number, body: unknown, status = 200) => `${JSON.stringify({ call, status, body })}\n`;

test('what is asked in one turn at one door shares a request, and each hears its own answer', async (t) => {
  const { ask, next, requests } = await given(t);
  const heard = Promise.all([next(), next()]);
  const calls = Promise.all([1, 2, 3].map((n) => ask('/a', { n }, 5_000)));
  const elsewhere = ask('/b', { n: 4 }, 5_000);
  const [many, one] = (await heard).sort((first, second) => second.bodies.length - first.bodies.length);
  assert.deepEqual([many?.type, many?.bodies], ['application/x-ndjson', [{ n: 1 }, { n: 2 }, { n: 3 }]]);
  assert.deepEqual([one?.type, one?.bodies], ['application/json', [{ n: 4 }]]);
  one?.response.writeHead(200, { 'content-type': 'application/json' }).end('"four"');
  assert.deepEqual(await elsewhere, { status: 200, body: 'four' });
  many?.response.write(`${line(2, 'three', 400)}${line(0, 'one')}`.slice(0, -5));
  many?.response.end(`${line(0, 'one').slice(-5)}${line(1, 'two')}`);
  assert.deepEqual(await calls, [
    { status: 200, body: 'one' },
    { status: 200, body: 'two' },
    { status: 400, body: 'three' },
  ]);
  assert.equal(requests.length, 2);
});

test('a crowd is parted into requests that the vault takes', async (t) => {
  const { ask, next } = await given(t);
  const heard = Promise.all([next(), next(), next()]);
  const pad = 'x'.repeat(200 * 1024);
  const calls = [...Array.from({ length: 101 }, (_, n) => ask('/a', { n }, 5_000)), ask('/a', { pad }, 5_000)];
  const large = ask('/a', { pad, n: 102 }, 5_000);
  const sizes = (await heard).map(({ bodies, response, type }) => {
    response.writeHead(200).end(type === 'application/json' ? '0' : bodies.map((_, n) => line(n, 0)).join(''));
    return bodies.length;
  });
  await Promise.all([...calls, large]);
  assert.deepEqual(
    sizes.sort((one, other) => one - other),
    [1, 2, 100],
  );
});

test('of an answer that breaks off, those who were told know, and the others do not', async (t) => {
  const { ask, next } = await given(t);
  const heard = next();
  const calls = [1, 2, 3].map((n) => ask('/a', { n }, 5_000));
  const lost = Promise.allSettled([calls[0], calls[2]]);
  (await heard).response.write(line(1, 'two'));
  assert.deepEqual(await calls[1], { status: 200, body: 'two' });
  (await heard).response.destroy();
  assert.deepEqual(
    (await lost).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
});

test('an answer that ends without a word for one, or in words that are none, is lost', async (t) => {
  const { ask, next } = await given(t);
  for (const said of [line(0, 'one'), `${line(0, 'one')}nonsense\n`]) {
    const heard = next();
    const calls = [ask('/a', {}, 5_000), ask('/a', {}, 5_000)];
    (await heard).response.end(said);
    assert.deepEqual(await calls[0], { status: 200, body: 'one' });
    await assert.rejects(calls[1] ?? Promise.resolve());
  }
});

test('a request that is refused as a whole is refused to each', async (t) => {
  const { ask, next } = await given(t);
  const heard = next();
  const calls = Promise.all([ask('/a', {}, 5_000), ask('/a', {}, 5_000)]);
  (await heard).response.writeHead(403).end('{"code":"forbidden"}');
  const refused = { status: 403, body: { code: 'forbidden' } };
  assert.deepEqual(await calls, [refused, refused]);
});

test('each has its own patience, and the request ends with the last who waits for it', async (t) => {
  const waits: { ms: number; run(): void }[] = [];
  const clock: Clock = {
    ...systemClock,
    after(ms, run) {
      const wait = { ms, run };
      waits.push(wait);
      return () => void waits.splice(waits.indexOf(wait), 1);
    },
  };
  const { ask, next } = await given(t, clock);
  const heard = next();
  const [short, long] = [ask('/a', {}, 100), ask('/a', {}, 200)];
  const { response } = await heard;
  const gone = once(response, 'close');
  const given100 = waits.find(({ ms }) => ms === 100);
  given100?.run();
  await assert.rejects(short, { name: 'TimeoutError' });
  response.write(line(0, 'too late for it'));
  waits.find(({ ms }) => ms === 200)?.run();
  await assert.rejects(long, { name: 'TimeoutError' });
  await gone;
  assert.equal(waits.length, 0);
});
