import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { startSandboxProcess } from '#server/providers/testing/sandbox-process.ts';
import { startVaultProcess } from '#server/providers/testing/vault-process.ts';
import type { GrantScope, Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';
import { makeInstantVault } from './vault.ts';

const card = {
  number: '{{card.number}}',
  exp_month: '{{card.exp_month}}',
  exp_year: '{{card.exp_year}}',
  cvc: '{{card.cvc}}',
};
const body = { amount: 1250, currency: 'EUR', reference: 'r', card };

function scopeOf(): GrantScope {
  return { merchantId: randomUUID(), intentId: randomUUID(), currency: 'EUR', maxAmount: 1250n };
}

async function authorization(vault: VaultClient, fields: Partial<Parcel> = {}): Promise<Parcel> {
  const scope = scopeOf();
  const { merchantId, intentId } = scope;
  return {
    operation: randomUUID(),
    step: 1,
    send: 1,
    sendBefore: new Date(Date.now() + 10_000).toISOString(),
    payment: randomUUID(),
    merchantId,
    intentId,
    amount: '1250',
    currency: 'EUR',
    provider: 'alder',
    method: 'POST',
    path: '/authorizations',
    body,
    token: await vault.testToken('pm_card_visa', scope),
    ...fields,
  };
}

/** The capture of what an answer has authorized. */
function capture({ body: _, token: __, ...of }: Parcel, answered: Sent): Parcel {
  assert.ok(answered.kind === 'answered');
  const { id } = answered.body as { id: string };
  return { ...of, operation: randomUUID(), path: `/authorizations/${id}/captures`, body: { amount: 1250 } };
}

/** Asks a vault all that a measured payment asks of it, and what must stop one; notes what it says. */
async function interview(vault: VaultClient): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  const ask = async (what: string, parcel: Parcel) => {
    const sent = await vault.send(parcel);
    said[what] = wordOf(sent);
    return sent;
  };
  const fresh = (fields?: Partial<Parcel>) => authorization(vault, fields);

  const first = await fresh();
  const answered = await ask('an authorisation', first);
  await ask('the same send again', first);
  await ask('the next send, its code gone with the approval', { ...first, send: 2 });
  await ask('another payment with its token', { ...first, operation: randomUUID(), payment: randomUUID() });
  const second = capture(first, answered);
  await ask('its capture', second);
  await ask('its capture again', second);
  await ask('another intent', await fresh({ intentId: randomUUID() }));
  await ask('another merchant', await fresh({ merchantId: randomUUID() }));
  await ask('another currency', await fresh({ currency: 'USD', body: { ...body, currency: 'USD' } }));
  await ask('more than granted', await fresh({ amount: '1251', body: { ...body, amount: 1251 } }));
  await ask('another amount in the body', await fresh({ body: { ...body, amount: 1249 } }));
  await ask('too late', await fresh({ sendBefore: new Date(Date.now() - 1).toISOString() }));
  await ask('an unknown path', await fresh({ path: '/transfers' }));
  await ask('a forged token', await fresh({ token: `${first.token?.slice(0, -4)}AAAA` }));
  await ask('a card without a token', await fresh({ token: undefined }));

  const scope = scopeOf();
  const token = await vault.testToken('pm_card_visa', scope);
  const { fingerprint, expYear, ...view } = await vault.describe(token, { ...scope, amount: 1250n });
  assert.ok(fingerprint !== '' && expYear > 2025);
  said.described = JSON.stringify(view);
  said['described for somebody else'] = await vault.describe(token, { ...scopeOf(), amount: 1250n }).then(
    () => 'told',
    (error) => (error instanceof Refusal ? error.code : 'no refusal'),
  );
  return said;
}

test('the vault that answers at once says what the real one says, with a real acquirer behind it', async (t) => {
  const alder = await startSandboxProcess('alder');
  const real = await startVaultProcess({ alder: { kind: 'sandbox', url: alder.url, key: alder.key } });
  t.after(() => Promise.all([real.stop(), alder.stop()]));
  const said = await interview(real.client);
  assert.deepEqual(await interview(makeInstantVault({ clock: systemClock, random: systemRandom })), said);
  assert.match(said['an authorisation'] ?? '', /^answered 201 .*"status":"approved"/);
  assert.equal(said['the same send again'], 'silent already_sent');
});

test('what was sent is forgotten once nothing of it can be under way, so that memory stays flat', async () => {
  let ahead = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
  const vault = makeInstantVault({ clock, random: systemRandom });
  const parcel = await authorization(vault);
  assert.equal((await vault.send(parcel)).kind, 'answered');
  ahead = 14_000;
  assert.equal(wordOf(await vault.send(parcel)), 'silent already_sent');
  ahead = 60_000;
  assert.equal(wordOf(await vault.send(parcel)), 'not sent: too_late');
});

/** Without what differs from one acquirer's book to the next: ids. */
function wordOf(sent: Sent): string {
  if (sent.kind === 'answered') {
    const { id: _, authorization_id: __, ...rest } = sent.body as Record<string, unknown>;
    return `answered ${sent.status} ${JSON.stringify(Object.fromEntries(Object.entries(rest).sort()))}`;
  }
  return sent.kind === 'silent' ? `silent ${sent.why}` : `not sent: ${sent.code}`;
}
