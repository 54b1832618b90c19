import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { type Agent, request } from 'undici';
import { testDatabase } from '#db/testing/database.ts';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { addressOf } from '#server/kernel/database-address.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { ensureAuthority } from '#server/workload/authority.ts';
import type { Workload } from '#server/workload/policy.ts';
import type { Settings } from '../settings.ts';
import { startVault } from '../vault.ts';
import { startAcquirer } from './acquirer.ts';

export const visa = { number: '4242424242424242', exp_month: 4, exp_year: new Date().getUTCFullYear() + 2, cvc: '737' };

/** Moves on by itself and by hand. */
export function testClock() {
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
  return {
    clock,
    advance(ms: number) {
      ahead += ms;
    },
    back() {
      ahead = 0;
    },
  };
}

export type GivenVault = Awaited<ReturnType<typeof givenVault>>;

/** A vault with everything real around it: database, mutual TLS, and a provider on the other end of a socket. */
export async function givenVault(overrides: Partial<Settings> = {}) {
  const database = await testDatabase('vault');
  const folder = await mkdtemp(join(tmpdir(), 'florin-vault-'));
  const authority = await ensureAuthority(folder);
  const acquirer = await startAcquirer();
  const { clock, advance, back } = testClock();
  const lines: string[] = [];
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const settings: Settings = {
    testMode: true,
    databaseUrl: new Secret(database.url('vault')),
    host: '127.0.0.1',
    port,
    internalPort: 0,
    publicUrl,
    masterKey: new Secret(systemRandom(32)),
    parents: ['http://localhost:3000'],
    providers: { alder: { kind: 'sandbox', url: acquirer.url, key: new Secret('alder-key') } },
    self: 'https://127.0.0.1:1',
    identity: await authority.issue('vault'),
    ...overrides,
  };
  const log = makeLog('vault', { write: (line) => void lines.push(line) });
  const vault = await startVault(settings, {
    clock,
    random: systemRandom,
    ids: uuidv7({ now: clock.now, random: systemRandom }),
    log,
  });
  const agents = new Map<Workload, Agent>();
  const internal = `https://127.0.0.1:${vault.internalPort}`;

  async function ask(path: string, body: unknown, caller: Workload = 'api') {
    const agent = agents.get(caller) ?? workloadAgent(await authority.issue(caller), { to: 'vault' });
    agents.set(caller, agent);
    return post(`${internal}${path}`, { body, agent });
  }

  return {
    settings,
    acquirer,
    lines,
    clock,
    advance,
    back,
    publicUrl,
    internal,
    ask,
    authority,
    owner: asRole(database.url('owner')),
    databaseUrl: (role: 'vault' | 'owner') => database.url(role),
    /** As the frame does it. */
    tokenise: (body: unknown, headers: Record<string, string> = { origin: publicUrl }) =>
      post(`${publicUrl}/tokens`, { body, headers }),
    /** Ends the process and leaves its database, as a crash would. */
    end: () => vault.stop(),
    async stop() {
      await vault.stop();
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
      await acquirer.stop();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

interface Posting {
  body: unknown;
  headers?: Record<string, string>;
  agent?: Agent;
}

export async function post(url: string, { body, headers = {}, agent }: Posting) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
    ...(agent && { dispatcher: agent }),
  });
  const said = await answer.body.text();
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: JSON.parse(said) as Record<string, unknown>,
    text: said,
  };
}

export function givenScope() {
  return { merchantId: randomUUID(), intentId: randomUUID(), currency: 'EUR', maxAmount: '1250' };
}

/** A token for this card and scope, by way of a grant and the public door. */
export async function givenToken(vault: GivenVault, scope = givenScope(), card: object = visa): Promise<string> {
  const { body } = await vault.ask('/grants', scope);
  const made = await vault.tokenise({ grant: body.grant, ...card });
  if (made.status !== 201) throw new Error(`no token was made: ${made.text}`);
  return String(made.body.token);
}

/** An authorisation of the whole amount, as payments would send it. */
export function givenParcel(scope: ReturnType<typeof givenScope>, token: string, changes: object = {}) {
  return {
    operation: randomUUID(),
    step: 1,
    send: 1,
    sendBefore: new Date(Date.now() + 30_000).toISOString(),
    payment: randomUUID(),
    merchantId: scope.merchantId,
    intentId: scope.intentId,
    amount: scope.maxAmount,
    currency: scope.currency,
    provider: 'alder',
    method: 'POST',
    path: '/authorizations',
    body: authorization(scope.maxAmount, scope.currency),
    token,
    ...changes,
  };
}

/** A connection as one of the database's roles. */
export function asRole(url: string): postgres.Sql {
  const { address, ...socket } = addressOf(url);
  return postgres(address, { ...socket, max: 2, onnotice: () => {} });
}

export function authorization(amount: string, currency: string, card: object = wholeCard) {
  return { amount: Number(amount), currency, reference: 'order-1', card };
}

export const wholeCard = {
  number: '{{card.number}}',
  exp_month: '{{card.exp_month}}',
  exp_year: '{{card.exp_year}}',
  cvc: '{{card.cvc}}',
};
