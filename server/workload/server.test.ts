import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Agent, request } from 'undici';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { makeLog } from '#server/observability/log.ts';
import { workloadAgent } from './agent.ts';
import { ensureAuthority } from './authority.ts';
import { makeLeaf, makeRoot } from './core/certificate.ts';
import { readPair, writePair } from './core/pair.ts';
import { type PemFiles, readIdentity } from './identity.ts';
import type { Listening } from './listening.ts';
import type { Policy, Workload } from './policy.ts';
import { workloadServer } from './server.ts';

const policy = { 'POST /egress': ['api', 'worker'] } as const satisfies Policy;
const day = 86_400_000;
const lines: string[] = [];
let dir: string;
let server: Listening;
const files = {} as Record<Workload, PemFiles>;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'florin-workload-'));
  const authority = await ensureAuthority(join(dir, 'certificates'));
  for (const workload of ['web', 'api', 'worker', 'vault'] as const) files[workload] = await authority.issue(workload);
  server = await workloadServer({
    port: 0,
    identity: files.vault,
    policy,
    log: makeLog('test', { write: (line) => void lines.push(line) }),
    async handle(_request, response, caller) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ caller }));
    },
  });
});

after(async () => {
  await server.stop(0);
  await rm(dir, { recursive: true });
});

async function call(agent: Agent, path = '/egress', port = server.port) {
  try {
    const answer = await request(`https://127.0.0.1:${port}${path}`, { method: 'POST', dispatcher: agent });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
  } finally {
    await agent.close();
  }
}

/** The caller learns nothing but that the connection ended; the server's log knows why. */
async function refusedAtHandshake(agent: Agent, reason: string) {
  const before = lines.length;
  await assert.rejects(call(agent));
  assert.match(lines.slice(before).join(), new RegExp(`"reason":"${reason}"`));
}

/** Signed by our authority as it is now, with any life and name. */
async function forged(name: string, life: { from: number; to: number }, root?: { cert: string; key: string }) {
  const ca = root ?? (await readPair({ cert: files.api.ca, key: join(dir, 'certificates/ca-key.pem') }));
  assert(ca);
  const now = Date.now();
  const validity = { notBefore: new Date(now + life.from), notAfter: new Date(now + life.to) };
  const paths = { cert: join(dir, `${name}.pem`), key: join(dir, `${name}-key.pem`) };
  await writePair(paths, await makeLeaf(name as Workload, ca, validity));
  return { ca: files.api.ca, ...paths };
}

test('a listed workload is let in and named to the handler', async () => {
  assert.deepEqual(await call(workloadAgent(files.api, { to: 'vault' })), { status: 200, body: { caller: 'api' } });
});

test('a workload that the policy does not list gets 403 and leaves a log line', async () => {
  const answer = await call(workloadAgent(files.web, { to: 'vault' }));
  assert.equal(answer.status, 403);
  assert.equal(answer.body.code, 'forbidden');
  const line = lines.find((written) => written.includes('"peer":"web"'));
  assert.match(line ?? '', /"route":"POST \/egress".*"code":"forbidden"|"code":"forbidden".*"route":"POST \/egress"/);
});

test('a certificate of our authority for an unknown workload gets 403', async () => {
  const stranger = await forged('stranger', { from: -day, to: day });
  assert.equal((await call(workloadAgent(stranger, { to: 'vault' }))).status, 403);
});

test('a path that the policy does not list is not found, even where the handler would answer', async () => {
  assert.equal((await call(workloadAgent(files.api, { to: 'vault' }), '/egress/more')).status, 404);
  assert.equal((await call(workloadAgent(files.api, { to: 'vault' }), '/constructor')).status, 404);
});

test('an expired certificate is refused at the handshake', async () => {
  const expired = await forged('api', { from: -2 * day, to: -1000 });
  await refusedAtHandshake(workloadAgent(expired, { to: 'vault' }), 'CERT_HAS_EXPIRED');
});

test('a certificate of a foreign authority is refused at the handshake', async () => {
  const root = await makeRoot({ notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) });
  const foreign = await forged('worker', { from: -day, to: day }, root);
  await refusedAtHandshake(workloadAgent(foreign, { to: 'vault' }), 'CERT_SIGNATURE_FAILURE');
});

test('a caller without a certificate is refused at the handshake', async () => {
  const { ca } = readIdentity(files.api);
  await refusedAtHandshake(new Agent({ connect: { ca } }), 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE');
});

test('a caller does not talk to a server that holds the certificate of another workload', async (t) => {
  let heard = 0;
  const impostor = createServer({ ...readIdentity(files.web) }, (_request, response) => {
    heard++;
    response.end('{}');
  });
  await new Promise<void>((listening) => impostor.listen(0, '127.0.0.1', listening));
  t.after(() => impostor.close());
  const { port } = impostor.address() as AddressInfo;
  await assert.rejects(call(workloadAgent(files.api, { to: 'vault' }), '/egress', port), /not the workload vault/);
  assert.equal(heard, 0);
});

test('a connection does not outlive the certificate that opened it', async (t) => {
  const later = { ...systemClock, now: () => new Date(Date.now() + 2 * day) };
  const tomorrow = await workloadServer({
    port: 0,
    identity: files.vault,
    policy,
    log: makeLog('test', { write: () => {} }),
    clock: later,
    handle: async (_request, response) => void response.end('{}'),
  });
  t.after(() => tomorrow.stop(0));
  const agent = workloadAgent(files.api, { to: 'vault' });
  t.after(() => agent.destroy());
  const answer = await request(`https://127.0.0.1:${tomorrow.port}/egress`, { method: 'POST', dispatcher: agent });
  assert.equal(answer.headers.connection, 'close');
});

test('a running agent and server take up certificates that were replaced on disk', async (t) => {
  let tick = () => {};
  const clock: Clock = {
    ...systemClock,
    after(_ms, fn) {
      tick = fn;
      return () => {};
    },
  };
  const names = { cert: join(dir, 'rotating.pem'), key: join(dir, 'rotating-key.pem'), ca: files.vault.ca };
  await copyFile(files.web.cert, names.cert);
  await copyFile(files.web.key, names.key);
  const rotating = await workloadServer({
    port: 0,
    identity: names,
    policy,
    log: makeLog('test', { write: () => {} }),
    clock,
    handle: async (_request, response) => void response.end('{}'),
  });
  t.after(() => rotating.stop(0));
  await assert.rejects(call(workloadAgent(files.api, { to: 'vault' }), '/egress', rotating.port), /not the workload/);
  await copyFile(files.vault.cert, names.cert);
  await copyFile(files.vault.key, names.key);
  tick();
  assert.equal((await call(workloadAgent(files.api, { to: 'vault' }), '/egress', rotating.port)).status, 200);
});

test('files are private, kept while fresh, and made anew when near expiry, torn or signed by a former authority', async () => {
  const folder = join(dir, 'renewal');
  const authority = await ensureAuthority(folder);
  const issued = await authority.issue('api');
  for (const path of [issued.key, issued.cert, join(folder, 'ca-key.pem')]) {
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  }
  const { cert } = readIdentity(issued);
  await (await ensureAuthority(folder)).issue('api');
  assert.equal(readIdentity(issued).cert, cert, 'a fresh certificate is kept');

  const inHours = (hours: number) => ({ ...systemClock, now: () => new Date(Date.now() + hours * 3_600_000) });
  await (await ensureAuthority(folder, inHours(13))).issue('api');
  const renewed = readIdentity(issued).cert;
  assert.notEqual(renewed, cert, 'one with less than twelve hours left is replaced');

  await writeFile(issued.key, 'torn');
  await (await ensureAuthority(folder)).issue('api');
  assert.notEqual(readIdentity(issued).cert, renewed, 'one without its key is replaced');

  const orphan = readIdentity(issued).cert;
  await rm(join(folder, 'ca-key.pem'));
  await (await ensureAuthority(folder)).issue('api');
  assert.notEqual(readIdentity(issued).cert, orphan, 'one of a former authority is replaced');
});
