import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import inject from 'light-my-request';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { type Journal, makeSandbox } from './make.ts';
import { type Acquirer, authorization, freshKey, inProcess, ownProcess, visa } from './testing/acquirer.ts';

const memory: Journal = {
  append: async () => {},
  settled: async () => {},
  sound: () => true,
  close: async () => {},
};

interface Asked {
  method: 'GET' | 'POST';
  url: string;
  payload?: object;
}

/** An acquirer whose clock is ours. */
function roomAt(moment: string, name: 'alder' | 'birch') {
  let now = Date.parse(moment);
  const made = makeSandbox({
    name,
    key: new Secret('k'),
    reportsKey: new Secret('r'),
    fees: { basisPoints: 140, fixed: 25 },
    mode: 'test',
    clock: { ...systemClock, now: () => new Date(now) },
    random: systemRandom,
    log: makeLog(name, { write: () => {} }),
    journal: memory,
    past: [],
    latency: 0,
    challengeUrl: (id) => `https://bank.example/challenges/${id}`,
  });
  const ask = (asked: Asked) =>
    inject(made.handler, { ...asked, headers: { authorization: 'Bearer k', 'idempotency-key': freshKey() } });
  const post = async (url: string, payload: object = {}) =>
    (await ask({ method: 'POST', url, payload })).json() as { id: string; name: string };
  return {
    post,
    /** With the key for reports: the status. */
    async read(method: 'GET' | 'POST', url: string) {
      return (await inject(made.handler, { method, url, headers: { authorization: 'Bearer r' } })).statusCode;
    },
    pass(to: string) {
      now = Date.parse(to);
    },
    async capture(amount: number, currency = 'EUR', reference = 'order-1') {
      const { id } = await post('/authorizations', authorization(visa, { amount, currency, reference }));
      return (await post(`/authorizations/${id}/captures`, { amount })).id;
    },
    async files() {
      return (await ask({ method: 'GET', url: '/settlements' })).json().files as { name: string; day: string }[];
    },
    async text(file: string) {
      return (await ask({ method: 'GET', url: `/settlements/${file}` })).body;
    },
  };
}

test('alder writes minor units, times in UTC and minus signs, a payout of what it comes to, and an end', async () => {
  const { post, pass, capture, files, text } = roomAt('2026-11-20T23:30:00.250Z', 'alder');
  const id = await capture(10_000, 'EUR', 'order "7", paid');
  const { id: refund } = await post(`/captures/${id}/refunds`, { amount: 2_500 });
  const { id: chargeback } = await post('/chargebacks', { capture: id, amount: 1_000 });
  assert.deepEqual(await files(), []);
  pass('2026-11-21T00:00:00Z');
  assert.deepEqual(await files(), [{ name: 'alder-2026-11-20.csv', day: '2026-11-20' }]);
  const po = 'po_alder-2026-11-20_eur';
  const [heading, ...lines] = (await text('alder-2026-11-20.csv')).split('\n');
  assert.equal(heading, 'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id');
  const at = '2026-11-20T23:30:00.250Z';
  const key = /^capture,[^,]+,,([^,]+),/.exec(lines[0] ?? '')?.[1];
  assert.equal(lines[0], `capture,${id},,${key},"order ""7"", paid",${at},10000,165,9835,EUR,${po}`);
  assert.match(lines[1] ?? '', new RegExp(`^refund,${refund},${id},key-[^,]+,.*,-2500,0,-2500,EUR,${po}$`));
  assert.match(lines[2] ?? '', new RegExp(`^chargeback,${chargeback},${id},,.*,-1000,0,-1000,EUR,${po}$`));
  assert.match(lines[3] ?? '', new RegExp(`^fee,fee_${chargeback},${id},,.*,-1500,0,-1500,EUR,${po}$`));
  assert.equal(lines[4], `payout,${po},,,,2026-11-21T00:00:00.000Z,-4835,0,-4835,EUR,${po}`);
  assert.equal(lines[5], 'end,alder-2026-11-20.csv,,,,2026-11-21T00:00:00.000Z,5,,,,');
  assert.deepEqual(lines.slice(6), ['']);
});

test('birch writes decimal commas, two sides, codes, and days and times of Amsterdam', async () => {
  const { post, pass, capture, files, text } = roomAt('2026-06-20T22:30:00Z', 'birch');
  const id = await capture(1_234_567, 'JPY', 'a;b');
  const { id: refund } = await post(`/captures/${id}/refunds`, { amount: 500 });
  await capture(5, 'KWD');
  pass('2026-06-21T22:00:00Z');
  assert.deepEqual(await files(), [{ name: 'BIRCH_20260621_001.csv', day: '2026-06-21' }]);
  const [heading, ...lines] = (await text('BIRCH_20260621_001.csv')).split('\r\n');
  assert.equal(
    heading,
    'code;booked_at;transaction;original;merchant_key;merchant_ref;ccy;debit;credit;cost;settlement',
  );
  const at = '21-06-2026 00:30:00,000 [+]0200';
  const po = 'po_birch_20260621_001';
  assert.match(lines[0] ?? '', new RegExp(`^B10;${at};${id};;key-[^;]+;"a;b";JPY;;1234567;17309;${po}_jpy$`));
  assert.match(lines[1] ?? '', new RegExp(`^B20;${at};${refund};${id};key-[^;]+;"a;b";JPY;500;;0;${po}_jpy$`));
  assert.match(lines[2] ?? '', new RegExp(`^B10;${at};.*;order-1;KWD;;0,005;0,025;${po}_kwd$`));
  assert.match(
    lines[3] ?? '',
    new RegExp(`^U10;22-06-2026 00:00:00,000 [+]0200;${po}_jpy;;;;JPY;1216758;;0;${po}_jpy$`),
  );
  assert.match(lines[4] ?? '', new RegExp(`^U10;.*;KWD;;0,020;0,000;${po}_kwd$`), 'what it costs is charged');
  assert.match(lines[5] ?? '', /^Z99;22-06-2026 00:00:00,000 [+]0200;BIRCH_20260621_001.csv;5;;;;;;;$/);
});

test('each day that is over has a file, also one without lines; a day that was ended has the rest in its next', async () => {
  const { post, pass, capture, files, text } = roomAt('2026-11-20T10:00:00Z', 'alder');
  await capture(100);
  assert.equal((await post('/settlements/close')).name, 'alder-2026-11-20.csv');
  await capture(200);
  pass('2026-11-23T10:00:00Z');
  assert.deepEqual(
    (await files()).map(({ name }) => name),
    ['alder-2026-11-20.csv', 'alder-2026-11-20-2.csv', 'alder-2026-11-21.csv', 'alder-2026-11-22.csv'],
  );
  assert.match(await text('alder-2026-11-20-2.csv'), /^capture,.*,200,28,172,EUR,/m);
  assert.equal((await text('alder-2026-11-21.csv')).split('\n').length, 3);
});

test('a person’s adjustment stands in the next file', async () => {
  const { post, capture, text } = roomAt('2026-11-20T10:00:00Z', 'alder');
  await capture(100);
  await post('/settlements/adjustments', { amount: -30, currency: 'EUR', reference: 'rounding' });
  const { name } = await post('/settlements/close');
  assert.match(await text(name), /^adjustment,adj_\w+,,,rounding,.*,-30,0,-30,EUR,/m);
  assert.match(await text(name), /^payout,.*,-44,0,-44,EUR,/m);
});

// biome-ignore format: one fault per line
const wrongs: [fault: string, captures: RegExp[], later: RegExp[]][] = [
  ['settlement_missing', [], []],
  ['settlement_extra', [/^capture,cap_.*,1000,39,961,EUR,/, /^capture,cap_\w+,,key_\w+,order_\w+,.*,1000,39,961,EUR,/], []],
  ['settlement_duplicate', [/,1000,39,961,EUR,/, /,1000,39,961,EUR,/], []],
  ['settlement_wrong_amount', [/,1100,39,1061,EUR,/], []],
  ['settlement_wrong_currency', [/,1000,39,961,USD,/], []],
  ['settlement_wrong_fee', [/,1000,46,954,EUR,/], []],
  ['settlement_malformed', [/^capture,cap_\w+,,key-[^E]*$/], []],
  ['settlement_late', [], [/,1000,39,961,EUR,/]],
];

for (const [fault, captures, later] of wrongs) {
  test(`${fault}: of two captures the first is so, and the second as it should be`, async () => {
    const { post, pass, capture, text } = roomAt('2026-11-20T10:00:00Z', 'alder');
    await capture(1000);
    await capture(2000);
    await post('/levers', { fault, kind: 'capture', times: 1 });
    const { name } = await post('/settlements/close');
    const lines = async (file: string) => (await text(file)).split('\n').filter((line) => line.startsWith('capture'));
    const found = await lines(name);
    const expected = [...captures, /,2000,53,1947,EUR,/];
    assert.equal(found.length, expected.length);
    for (const [at, pattern] of expected.entries()) assert.match(found[at] ?? '', pattern);
    pass('2026-11-21T10:00:00Z');
    const next = await lines((await post('/settlements/close')).name);
    assert.equal(next.length, later.length);
    for (const [at, pattern] of later.entries()) assert.match(next[at] ?? '', pattern);
  });
}

let acquirer: Acquirer;
before(async () => {
  acquirer = await inProcess();
});
after(() => acquirer.stop());

test('files are for callers with the key, and only those that there are', async () => {
  for (const path of ['/settlements', '/settlements/x.csv']) {
    assert.equal((await acquirer.raw(path, { headers: { authorization: 'Bearer no' } })).status, 401);
  }
  for (const name of ['x.csv', 'list.json', '..%2Fjournal.jsonl']) {
    assert.equal((await acquirer.raw(`/settlements/${name}`)).status, 404);
  }
});

test('in live mode files are served, and no day is ended at once', async (t) => {
  const live = await ownProcess({ mode: 'live' });
  t.after(() => live.stop());
  assert.equal((await live.raw('/settlements')).status, 200);
  for (const path of ['close', 'adjustments']) assert.equal((await live.post(`/settlements/${path}`, {})).status, 403);
});

test('after a kill files are as they were, and nothing stands in two of them', async () => {
  const first = await ownProcess();
  const pay = async (at: Acquirer) => {
    const { body } = await at.post('/authorizations', authorization());
    return (await at.post(`/authorizations/${body.id}/captures`, { amount: 1250 })).body.id;
  };
  const close = async (at: Acquirer) => {
    const { body } = await at.post('/settlements/close', {});
    const { name } = body as unknown as { name: string };
    return { name, text: await (await at.raw(`/settlements/${name}`)).text() };
  };
  const one = await pay(first);
  const whole = await close(first);
  const two = await pay(first);
  await first.stop('SIGKILL');
  const second = await ownProcess({ folder: first.folder });
  assert.equal(await (await second.raw(`/settlements/${whole.name}`)).text(), whole.text);
  const { text } = await close(second);
  assert.deepEqual([text.includes(one), text.includes(two)], [false, true]);
  await second.stop();
});

test('files asked for at once while a day is ended hold each capture once', async () => {
  const { capture, post, files, text } = roomAt('2026-11-20T10:00:00Z', 'alder');
  await capture(100);
  await Promise.all([post('/settlements/close'), post('/settlements/close'), files(), post('/settlements/close')]);
  const all = await Promise.all((await files()).map(({ name }) => text(name)));
  assert.equal(all.length, 3);
  assert.equal(all.join('').match(/^capture,/gm)?.length, 1);
});

test('a key of its own reads the files, and opens nothing else', async () => {
  const room = roomAt('2026-11-22T12:00:00Z', 'alder');
  const { name } = await room.post('/settlements/close');
  assert.equal(await room.read('GET', '/settlements'), 200);
  assert.equal(await room.read('GET', `/settlements/${name}`), 200);
  for (const [method, url] of [
    ['POST', '/settlements/close'],
    ['POST', '/settlements'],
    ['POST', '/authorizations'],
    ['GET', '/operations/key-1'],
    ['GET', '/books'],
    ['GET', '/levers'],
  ] as const) {
    assert.equal(await room.read(method, url), 401, `${method} ${url}`);
  }
});
