import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Secret } from '#server/kernel/secret.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { type GivenVault, givenParcel, givenScope, givenToken, givenVault, post } from './testing/given.ts';

let holder: GivenVault;
let other: GivenVault;

before(async () => {
  const internalPort = await freePort();
  holder = await givenVault({ internalPort, self: `https://127.0.0.1:${internalPort}` });
  // A second process of the same vault: the same database, keys, identity and providers.
  other = await givenVault({
    databaseUrl: new Secret(holder.databaseUrl('vault')),
    masterKey: holder.settings.masterKey,
    identity: holder.settings.identity,
    providers: holder.settings.providers,
    self: 'https://127.0.0.1:1',
  });
});

after(async () => {
  await other.stop();
  await holder.stop();
});

test('a parcel that reaches another vault than the holder of its code is passed on, and sent once', async (t) => {
  const agent = workloadAgent(await holder.authority.issue('api'), { to: 'vault' });
  const vaults = workloadAgent(await holder.authority.issue('vault'), { to: 'vault' });
  t.after(() => Promise.all([agent.destroy(), vaults.destroy()]));
  const scope = givenScope();
  const parcel = givenParcel(scope, await givenToken(holder, scope));
  const send = (body: object) => post(`${other.internal}/egress`, { body, agent });

  const { body: twice } = await post(`${other.internal}/egress`, { body: parcel, agent: vaults });
  assert.deepEqual([twice.kind, twice.code], ['not_sent', 'verification_code_gone'], 'a vault has passed it on before');
  const { body } = await send(parcel);
  assert.deepEqual([body.kind, body.status], ['answered', 201]);
  assert.equal(holder.acquirer.heard.length, 1);
  assert.match(holder.acquirer.heard[0]?.text ?? '', /"cvc":"737"/);
  assert.match(holder.lines.join(''), new RegExp(`"payment":"${parcel.payment}".*"peer":"vault"`));

  const late = givenParcel(scope, await givenToken(holder, scope));
  await holder.end();
  const { body: gone } = await send(late);
  assert.deepEqual([gone.kind, gone.code], ['not_sent', 'verification_code_gone']);
  const { body: replayed } = await send(parcel);
  assert.deepEqual([replayed.kind, replayed.why], ['silent', 'already_sent'], 'the holder had sent it before it ended');
});
