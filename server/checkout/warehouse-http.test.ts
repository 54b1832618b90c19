import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { BadSettings } from '#server/kernel/env.ts';
import { Secret } from '#server/kernel/secret.ts';
import type { Consignment } from './warehouse.ts';
import { makeHttpWarehouse, patience, readWarehouses, requireSecureWarehouses } from './warehouse-http.ts';

let answer: [status: number, body: string] = [200, ''];
const server = createServer((_, response) => response.writeHead(answer[0]).end(answer[1]));
let url = '';
before(async () => {
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const consignment: Consignment = {
  order: 'ord_1',
  reference: 'HG-1',
  email: null,
  lines: [{ name: 'Enamel mug', quantity: 1 }],
  amount: 1250n,
  currency: 'EUR',
};

const kinds = async () => {
  const warehouse = makeHttpWarehouse({ url, key: new Secret('key') });
  return [(await warehouse.ship(consignment, 'a')).kind, (await warehouse.ask('a')).kind];
};

// biome-ignore format: a table
const answers: [status: number, body: string, kinds: [ship: string, ask: string]][] = [
  [200, '{"status":"shipped"}',                        ['shipped', 'shipped']],
  [201, '{"status":"shipped"}',                        ['shipped', 'shipped']],
  [200, '{"status":"refused","reason":"sold out"}',    ['refused', 'refused']],
  [404, '{"status":"unknown"}',                        ['silent', 'absent']],
  [404, '<h1>Not found</h1>',                          ['silent', 'silent']],
  [200, '{"status":"refused"}',                        ['silent', 'silent']],
  [200, '<h1>Welcome</h1>',                            ['silent', 'silent']],
  [409, '{"status":"refused","reason":"sold out"}',    ['silent', 'silent']],
  [401, '{}',                                          ['silent', 'silent']],
  [302, '{"status":"shipped"}',                        ['silent', 'silent']],
  [502, '{"status":"shipped"}',                        ['silent', 'silent']],
];

for (const [status, body, expected] of answers) {
  test(`${status} ${body} is ${expected.join(' to a command, and to a question ')}`, async () => {
    answer = [status, body];
    assert.deepEqual(await kinds(), expected);
  });
}

test('a warehouse that does not answer is silent as soon as the clock says so', async (t) => {
  const reached = Promise.withResolvers<void>();
  const mute = createServer(() => reached.resolve());
  t.after(() => mute.closeAllConnections());
  t.after(() => mute.close());
  await new Promise<void>((up) => mute.listen(0, '127.0.0.1', up));
  let over = () => {};
  const clock: Clock = {
    ...systemClock,
    after(ms, fn) {
      assert.equal(ms, patience);
      over = fn;
      return () => {};
    },
  };
  const at = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const said = makeHttpWarehouse({ url: at, key: new Secret('key'), clock }).ask('a');
  await reached.promise;
  over();
  assert.deepEqual(await said, { kind: 'silent', why: 'no answer in time' });
});

test('nobody there is silence', async () => {
  const warehouse = makeHttpWarehouse({ url: 'http://127.0.0.1:1', key: new Secret('key') });
  assert.equal((await warehouse.ship(consignment, 'a')).kind, 'silent');
  assert.equal((await warehouse.ask('a')).kind, 'silent');
});

const merchantId = '01900000-0000-7000-8000-000000000001';
const settings = (one: object) => JSON.stringify({ [merchantId]: one });

test('warehouses are read by merchant, and what is malformed is refused without being shown', () => {
  const [one] = readWarehouses(settings({ url: 'https://w.example/', key: 'sixteen-letters-' }));
  assert.deepEqual(
    [one?.merchantId, one?.url, one?.key.reveal()],
    [merchantId, 'https://w.example', 'sixteen-letters-'],
  );
  const bad = [
    'no json',
    '{"me":{"url":"https://w.example","key":"sixteen-letters-"}}',
    settings({ url: 'w.example', key: 'sixteen-letters-' }),
    settings({ url: 'https://w.example', key: 'short' }),
    settings({ url: 'https://w.example', key: 'sixteen-letters-', more: 1 }),
  ];
  for (const text of bad) {
    assert.throws(
      () => readWarehouses(text),
      (error) => error instanceof Error && !error.message.includes('w.example') && !error.message.includes('sixteen'),
    );
  }
});

test('in live mode nothing is told to a warehouse in the open', () => {
  const at = (address: string) => readWarehouses(settings({ url: address, key: 'sixteen-letters-' }));
  requireSecureWarehouses(at('https://w.example'));
  assert.throws(() => requireSecureWarehouses(at('http://w.example')), BadSettings);
});
