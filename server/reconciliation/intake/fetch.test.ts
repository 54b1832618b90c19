import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret } from '#server/kernel/secret.ts';
import { startSandboxProcess } from '#server/providers/testing/sandbox-process.ts';
import { fetchFiles } from './fetch-files.ts';
import { dueDay, readSettlementSettings } from './settings.ts';
import { type SourceLimits, sourceOver } from './source.ts';
import { alderFile, openStage } from './testing/stage.ts';

let stage: Awaited<ReturnType<typeof openStage>>;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

const key = new Secret('key-of-the-test');
const short: SourceLimits = { silence: 300, list: 600, file: 900, listBytes: 20_000, fileBytes: 200_000 };
const sourceAt = (url: string, limits = short) => sourceOver({ url, key }, systemClock, limits);

/** A provider that answers as it is told, until the test is over. */
async function provider(t: { after(fn: () => unknown): void }, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const namesOf = async (name: string) => {
  const rows = await stage.owner<{ name: string }[]>`
    SELECT name FROM settlement_files WHERE provider = ${name} AND source = 'fetched' ORDER BY id`;
  return rows.map((row) => row.name);
};

const journal = ['2026-11-18T10:00:00.000Z', '2026-11-19T10:00:00.000Z']
  .map((at, n) => ({ at, kind: 'capture', id: `cap_${n}`, key: `k-${n}`, print: 'p', status: 'approved' }))
  .map((one) => ({ ...one, authorization: 'a', amount: 100, currency: 'EUR', fee: 1, last4: '4242', reference: 'r' }))
  .map((one) => `${JSON.stringify({ ...one, rule: 'approve' })}\n`)
  .join('');

test('all that was missed is fetched, oldest day first, and the next time what is new alone', async (t) => {
  const sandboxes = await Promise.all([
    startSandboxProcess('alder', { journal }),
    startSandboxProcess('birch', { journal }),
  ]);
  t.after(() => Promise.all(sandboxes.map((one) => one.stop())));
  const sources = new Map(
    sandboxes.map(({ name, url, key: theirs }) => [name, sourceOver({ url, key: new Secret(theirs) }, systemClock)]),
  );
  const count = await fetchFiles(stage.room(), sources);
  const files = await namesOf('alder');
  assert.deepEqual(files.slice(0, 2), ['alder-2026-11-18.csv', 'alder-2026-11-19.csv']);
  assert.equal(count, files.length + (await namesOf('birch')).length);
  assert.equal((await namesOf('birch'))[0], 'BIRCH_20261118_001.csv');
  assert.equal(await fetchFiles(stage.room(), sources), 0);
  await sandboxes[0].closeDay();
  await sandboxes[1].closeDay();
  assert.equal(await fetchFiles(stage.room(), sources), 2);
});

const list = JSON.stringify({
  files: [
    { name: 'a.csv', day: '2026-11-20' },
    { name: 'b.csv', day: '2026-11-21' },
  ],
});

// biome-ignore format: one slip per line
const bad: [slip: string, answer: RequestListener][] = [
  ['never answers', () => {}],
  ['begins and hangs', (_, response) => void response.writeHead(200, { 'content-length': 1_000 }).write('{')],
  ['answers a byte at a time, for ever', (_, response) => { const beat = setInterval(() => response.write(' '), 50); response.on('close', () => clearInterval(beat)); }],
  ['says that it is too large', (_, response) => void response.writeHead(200, { 'content-length': 9_000_000 }).write(' ')],
  ['is larger than it may be', (_, response) => void response.end('x'.repeat(30_000))],
  ['ends before it said', (_, response) => { response.writeHead(200, { 'content-length': 900 }).write('{'); setTimeout(() => response.destroy(), 20); }],
  ['sends us elsewhere', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['answers 500', (_, response) => void response.writeHead(500).end()],
  ['answers what is no list', (_, response) => void response.end('{"files":"all"}')],
  ['answers what is no JSON', (_, response) => void response.end('<html>')],
  ['lists a name that is a path', (_, response) => void response.end('{"files":[{"name":"../x","day":"2026-11-20"}]}')],
  ['lists a day that is none', (_, response) => void response.end('{"files":[{"name":"x","day":"2026-02-30"}]}')],
];

for (const [slip, answer] of bad) {
  test(`a list that ${slip} is given up in time, and logged`, async (t) => {
    const url = await provider(t, answer);
    const began = performance.now();
    const logged = stage.written.length;
    assert.equal(await fetchFiles(stage.room(), new Map([['alder', sourceAt(url)]])), 0);
    assert.ok(performance.now() - began < 10_000);
    assert.match(stage.written.slice(logged).join(''), /"level":"warn".*could not be listed/);
  });
}

test('a file that hangs, breaks off or is too large is left, and the next is taken; the key goes with each request', async (t) => {
  const keys: unknown[] = [];
  const good = alderFile('b.csv', 2);
  const ways: Record<string, RequestListener> = {
    hangs: (_, response) => void response.writeHead(200, { 'content-length': 1_000 }).write(good.slice(0, 100)),
    breaks: (_, response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write(good.slice(0, 100));
      setTimeout(() => response.destroy(), 20);
    },
    large: (_, response) => void response.end(alderFile('large', 3_000)),
  };
  for (const [way, answer] of Object.entries(ways)) {
    const url = await provider(t, (request, response) => {
      keys.push(request.headers.authorization);
      if (request.url === '/settlements') return response.end(list.replaceAll('.csv', `-${way}.csv`));
      if (request.url?.startsWith('/settlements/a')) return answer(request, response);
      return response.end(alderFile(way, 2));
    });
    assert.equal(await fetchFiles(stage.room(), new Map([['alder', sourceAt(url)]])), 1);
    const names = await namesOf('alder');
    assert.deepEqual([names.includes(`a-${way}.csv`), names.includes(`b-${way}.csv`)], [false, true]);
  }
  assert.ok(keys.every((one) => one === 'Bearer key-of-the-test'));
  const [left] = await stage.owner`SELECT count(*)::int AS n FROM settlement_file_parts`;
  assert.equal(left?.n, 0);
});

test('a provider that hangs holds up no other', async (t) => {
  const order: string[] = [];
  const quick = Promise.withResolvers<void>();
  const hanging = await provider(t, async (_, response) => {
    response.on('close', () => order.push('hanging'));
    await quick.promise;
    response.destroy();
  });
  const url = await provider(t, (request, response) => {
    if (request.url === '/settlements') return response.end('{"files":[{"name":"quick.csv","day":"2026-11-20"}]}');
    order.push('quick');
    quick.resolve();
    return response.end(alderFile('quick', 1));
  });
  const patient = { ...short, silence: 10_000, list: 10_000 };
  const sources = new Map([
    ['birch', sourceAt(hanging, patient)],
    ['alder', sourceAt(url, patient)],
  ]);
  assert.equal(await fetchFiles(stage.room(), sources), 1);
  assert.deepEqual(order, ['quick', 'hanging']);
});

test('parts that somebody left who died go after a day, those of files and of the living stay', async () => {
  const day = 24 * 3_600_000;
  const at = (ago: number) => new Date(systemClock.now().getTime() - ago);
  const room = stage.room();
  const [dead, alive, whole] = [room.ids(), room.ids(), room.ids()];
  await stage.owner`
    INSERT INTO settlement_files (id, provider, name, day, source, digest, received_at, status, lines, quarantined)
    VALUES (${whole}, 'alder', 'whole', '2026-11-20', 'uploaded', ${Buffer.alloc(32, 1)}, ${at(3 * day)}, 'stored', 0, 0)`;
  for (const [id, ago] of [
    [dead, day + 1_000],
    [alive, day - 60_000],
    [whole, 3 * day],
  ] as const) {
    await stage.owner`
      INSERT INTO settlement_file_parts (file_id, part, content, received_at) VALUES (${id}, 0, 'x', ${at(ago)})`;
  }
  await fetchFiles(room, new Map());
  const rows = await stage.owner<{ id: string }[]>`SELECT file_id AS id FROM settlement_file_parts`;
  assert.deepEqual(rows.map(({ id }) => id).sort(), [alive, whole].sort());
});

test('settings say where, with which key, and from when on a file is late', () => {
  const text =
    '{"alder":{"url":"http://127.0.0.1:3004/","key":"k"},"birch":{"url":"https://b.example","key":"k","timeZone":"Europe/Amsterdam","dueBy":"07:30"}}';
  const read = readSettlementSettings(text);
  const [alder, birch] = [read.get('alder'), read.get('birch')];
  assert.deepEqual(
    [alder?.url, alder?.key.reveal(), alder?.timeZone, alder?.dueAfter],
    ['http://127.0.0.1:3004', 'k', 'UTC', 360],
  );
  assert.ok(alder && birch);
  assert.equal(dueDay(alder, new Date('2026-11-22T05:59:00Z')), '2026-11-20');
  assert.equal(dueDay(alder, new Date('2026-11-22T06:00:00Z')), '2026-11-21');
  assert.equal(dueDay(birch, new Date('2026-11-22T06:29:00Z')), '2026-11-20');
  assert.equal(dueDay(birch, new Date('2026-11-22T06:30:00Z')), '2026-11-21');
  for (const wrong of [
    '',
    '[]',
    '{"a":{}}',
    '{"a":{"url":"ftp://x","key":"k"}}',
    '{"a":{"url":"http://x","key":"k","dueBy":"24:00"}}',
    '{"a":{"url":"http://x","key":"k","timeZone":"Mars"}}',
    '{"a":{"url":"http://x","key":"k","more":1}}',
  ]) {
    assert.throws(() => readSettlementSettings(wrong), /it must be JSON such as/, wrong);
  }
});
