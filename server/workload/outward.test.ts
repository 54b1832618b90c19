import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { isPublic, outwardAgent } from './outward.ts';

let asked = 0;
let connected = 0;
const server = createServer((_, answer) => {
  asked++;
  answer.writeHead(307, { location: '/elsewhere' }).end();
}).on('connection', () => connected++);
let port = 0;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
after(() => void server.close());

test('private, local and reserved addresses are told from public ones, also in disguise', () => {
  const inside = ['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'];
  const disguised = [
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '224.0.0.1',
  ];
  assert.deepEqual([...inside, ...disguised, 'no address'].filter(isPublic), []);
  assert.deepEqual(
    ['93.184.216.34', '2606:2800:220:1::1'].filter((address) => !isPublic(address)),
    [],
  );
});

test('outside test mode no name and no address leads into the private network, and nothing is connected', async (t) => {
  const dispatcher = outwardAgent({ allowPrivate: false });
  t.after(() => dispatcher.close());
  for (const host of ['localhost', '127.0.0.1', '[::1]', '2130706433', '0x7f.1']) {
    const call = request(`http://${host}:${port}/`, { dispatcher });
    await assert.rejects(call, { name: 'NotPublic' }, host);
  }
  assert.equal(connected, 0);
});

test('a redirect is an answer like any other: it is not followed', async (t) => {
  const dispatcher = outwardAgent({ allowPrivate: true });
  t.after(() => dispatcher.close());
  const { statusCode, body } = await request(`http://localhost:${port}/`, { dispatcher });
  await body.dump();
  assert.deepEqual([statusCode, asked], [307, 1]);
});
