import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Agent } from 'undici';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess, type TestProcess } from '#server/observability/testing/process.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { type Authority, ensureAuthority } from '#server/workload/authority.ts';
import type { Workload } from '#server/workload/policy.ts';
import { makeVaultClient, type Parcel } from './vault-client.ts';

let database: TestDatabase;
let folder: string;
let authority: Authority;
let vaultProcess: TestProcess;
let url: string;
const agents: Agent[] = [];
const heard: string[] = [];
const provider = createServer(async (request, response) => {
  heard.push(Buffer.concat(await request.toArray()).toString());
  response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"auth_1","status":"approved"}');
});

/** The vault itself, in a process of its own as it always is. */
before(async () => {
  database = await testDatabase('vault');
  folder = await mkdtemp(join(tmpdir(), 'florin-vault-client-'));
  authority = await ensureAuthority(folder);
  const providerPort = await listening(provider);
  const [port, internalPort] = [await freePort(), await freePort()];
  const { ca, cert, key } = await authority.issue('vault');
  url = `https://127.0.0.1:${internalPort}`;
  vaultProcess = await startProcess('server/vault/main.ts', {
    ready: `http://127.0.0.1:${port}/health`,
    env: {
      FLORIN_MODE: 'test',
      FLORIN_VAULT_DATABASE_URL: database.url('vault'),
      FLORIN_VAULT_PORT: String(port),
      FLORIN_VAULT_INTERNAL_PORT: String(internalPort),
      FLORIN_VAULT_PUBLIC_URL: `http://127.0.0.1:${port}`,
      FLORIN_VAULT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      FLORIN_VAULT_FRAME_PARENTS: 'http://localhost:3000',
      FLORIN_VAULT_EGRESS: JSON.stringify({
        alder: { kind: 'sandbox', url: `http://127.0.0.1:${providerPort}`, key: 'k' },
      }),
      FLORIN_TLS_CA: ca,
      FLORIN_TLS_CERT: cert,
      FLORIN_TLS_KEY: key,
    },
  });
});

after(async () => {
  await Promise.all(agents.map((agent) => agent.destroy()));
  await vaultProcess.stop();
  provider.close();
  provider.closeAllConnections();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function client(workload: Workload = 'api', at = url, clock: Clock = systemClock) {
  const agent = workloadAgent(await authority.issue(workload), { to: 'vault' });
  agents.push(agent);
  return makeVaultClient({ url: at, agent, clock });
}

const scope = () => ({ merchantId: randomUUID(), intentId: randomUUID(), currency: 'EUR', maxAmount: 1250n });

function parcel({ merchantId, intentId }: ReturnType<typeof scope>, token: string): Parcel {
  const card = {
    number: '{{card.number}}',
    exp_month: '{{card.exp_month}}',
    exp_year: '{{card.exp_year}}',
    cvc: '{{card.cvc}}',
  };
  return {
    operation: randomUUID(),
    step: 1,
    send: 1,
    sendBefore: new Date(Date.now() + 30_000).toISOString(),
    payment: randomUUID(),
    merchantId,
    intentId,
    amount: '1250',
    currency: 'EUR',
    provider: 'alder',
    method: 'POST',
    path: '/authorizations',
    body: { amount: 1250, currency: 'EUR', reference: 'r', card },
    token,
  };
}

test('a grant, a test token, its description, and a request sent with its card', async () => {
  const vault = await client();
  const at = scope();
  const { grant, expiresAt } = await vault.grantFrame(at);
  assert.ok(grant.length >= 22);
  assert.ok(Math.abs(expiresAt.getTime() - Date.now() - 15 * 60_000) < 5_000);

  const token = await vault.testToken('pm_card_visa', at);
  const { fingerprint, expYear, ...card } = await vault.describe(token, { ...at, amount: 1250n });
  assert.deepEqual(card, { brand: 'visa', last4: '4242', expMonth: 12 });
  assert.ok(fingerprint && expYear > 2025);

  const answer = await vault.send(parcel(at, token));
  assert.equal(answer.kind, 'answered');
  assert.deepEqual(answer.kind === 'answered' && answer.body, { id: 'auth_1', status: 'approved' });
  assert.match(heard[0] ?? '', /"number":"4242424242424242"/);
  assert.deepEqual(await vault.send({ ...parcel(at, token), send: 2 }), {
    kind: 'not_sent',
    code: 'token_unusable',
    message: 'Another payment has used this card token.',
  });
});

test("the vault's refusals arrive as refusals", async () => {
  const vault = await client();
  await assert.rejects(vault.describe('pm_nobody', { ...scope(), amount: 1n }), {
    name: 'Refusal',
    code: 'token_unusable',
  });
  await assert.rejects(vault.testToken('pm_card_nobody', scope()), { code: 'invalid_input', param: 'payment_method' });
  await assert.rejects((await client('worker')).grantFrame(scope()), { code: 'forbidden' });
});

test('a parcel that the vault refuses to take was not sent', async () => {
  const vault = await client();
  const misshapen = await vault.send({ ...parcel(scope(), 'pm_x'), amount: 'a lot' });
  assert.deepEqual([misshapen.kind, 'code' in misshapen && misshapen.code], ['not_sent', 'invalid_input']);
});

test('a vault that nobody listens for has not sent; one that hangs up may have', async (t) => {
  const nobody = await client('api', `https://127.0.0.1:${await freePort()}`);
  assert.deepEqual(await nobody.send(parcel(scope(), 'pm_x')), {
    kind: 'not_sent',
    code: 'unavailable',
    message: 'The vault cannot be reached.',
  });
  await assert.rejects(nobody.grantFrame(scope()), { code: 'unavailable' });

  const rude = createTcpServer((socket) => socket.once('data', () => socket.destroy()));
  t.after(() => rude.close());
  const answer = await (await client('api', `https://127.0.0.1:${await listening(rude)}`)).send(
    parcel(scope(), 'pm_x'),
  );
  assert.deepEqual([answer.kind, 'why' in answer && answer.why], ['silent', 'vault_lost']);
});

test('how long a silent vault is waited for is the clock’s to say, and so is how long it took', async (t) => {
  const { ca, cert, key } = await authority.issue('vault');
  const [caText, certText, keyText] = await Promise.all([ca, cert, key].map((file) => readFile(file)));
  const mute = createTlsServer({ ca: caText, cert: certText, key: keyText });
  t.after(() => mute.close());
  t.after(() => mute.closeAllConnections());
  const reached = once(mute, 'request');
  let now = Date.now();
  const waits = new Map<number, () => void>();
  const clock: Clock = {
    ...systemClock,
    now: () => new Date(now),
    after(ms, fn) {
      waits.set(ms, fn);
      return () => void waits.delete(ms);
    },
  };
  const answer = (await client('api', `https://127.0.0.1:${await listening(mute)}`, clock)).send(
    parcel(scope(), 'pm_x'),
  );
  await reached;
  now += 30_000;
  waits.get(30_000)?.();
  assert.deepEqual(await answer, { kind: 'silent', why: 'timeout', milliseconds: 30_000 });
  assert.equal(waits.size, 0);
});

async function listening(server: ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}
