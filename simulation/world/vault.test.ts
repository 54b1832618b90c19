import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Refusal } from '#server/kernel/refusal.ts';
import { startSandboxProcess } from '#server/providers/testing/sandbox-process.ts';
import { startVaultProcess } from '#server/providers/testing/vault-process.ts';
import type { GrantScope, Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';
import { inRealTime } from './network-stage.ts';

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

function authorization(scope: GrantScope, token: string, fields: Partial<Parcel> = {}): Parcel {
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
    token,
    ...fields,
  };
}

function question(first: Parcel): Parcel {
  const { body: _, token: __, ...rest } = first;
  return { ...rest, send: 0, method: 'GET', path: `/operations/${first.operation}-1` };
}

/** Asks a vault all that its callers can go wrong with, and notes what it says. */
async function interview(vault: VaultClient): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  const note = async (what: string, sent: Promise<Sent>) => {
    said[what] = wordOf(await sent);
  };
  const fresh = async (name = 'pm_card_visa') => {
    const scope = scopeOf();
    return authorization(scope, await vault.testToken(name, scope));
  };

  const first = await fresh();
  await note('an authorisation', vault.send(first));
  await note('the same send again', vault.send(first));
  await note('the next send, its code gone with the approval', vault.send({ ...first, send: 2 }));
  await note('its question', vault.send(question(first)));
  await note('its question again', vault.send(question(first)));
  await note('a question about nothing', vault.send(question(await fresh())));
  await note(
    'another payment with its token',
    vault.send({ ...first, operation: randomUUID(), payment: randomUUID() }),
  );
  await note('another intent', vault.send({ ...(await fresh()), intentId: randomUUID() }));
  await note('another merchant', vault.send({ ...(await fresh()), merchantId: randomUUID() }));
  await note('more than granted', vault.send({ ...(await fresh()), amount: '1251', body: { ...body, amount: 1251 } }));
  await note('another amount in the body', vault.send({ ...(await fresh()), body: { ...body, amount: 1249 } }));
  await note('too late', vault.send({ ...(await fresh()), sendBefore: new Date(Date.now() - 1).toISOString() }));
  await note('an unknown provider', vault.send({ ...(await fresh()), provider: 'cedar' }));
  await note('an unknown path', vault.send({ ...(await fresh()), path: '/transfers' }));
  await note('an unknown token', vault.send({ ...(await fresh()), token: 'pm_nobody' }));
  await note('a card without a token', vault.send({ ...(await fresh()), token: undefined }));
  await note('a token without a card', vault.send({ ...(await fresh()), path: '/captures/cap_1/refunds', body: {} }));

  for (const [name, more] of [
    ['pm_card_chargeDeclined', true],
    ['pm_card_chargeDeclinedProcessingError', true],
    ['pm_card_chargeDeclinedProcessingError', false],
    ['pm_card_threeDSecure2Required', true],
    ['pm_card_threeDSecure2Required', false],
  ] as const) {
    const what = `${name}, ${more ? 'somebody else left' : 'nobody else left'}`;
    const one = { ...(await fresh(name)), more };
    await note(what, vault.send(one));
    await note(`${what}: another try of the payment`, vault.send({ ...one, operation: randomUUID() }));
  }

  const scope = scopeOf();
  const token = await vault.testToken('pm_card_visa', scope);
  const { fingerprint, expYear, ...view } = await vault.describe(token, { ...scope, amount: 1250n });
  assert.ok(fingerprint !== '' && expYear > 2025);
  said.described = JSON.stringify(view);
  const foreign = vault.describe(token, { ...scopeOf(), amount: 1250n });
  said['described for somebody else'] = await foreign.then(() => 'told', codeOf);
  return said;
}

test('the double says what the real vault says, to whatever it is asked', async (t) => {
  const alder = await startSandboxProcess('alder');
  const real = await startVaultProcess({ alder: { kind: 'sandbox', url: alder.url, key: alder.key } });
  t.after(() => Promise.all([real.stop(), alder.stop()]));
  const said = await interview(real.client);
  assert.deepEqual(await interview(inRealTime().client), said);
  assert.equal(said['an authorisation'], 'answered 201 approved');
  assert.equal(said['the same send again'], 'silent already_sent');
  assert.equal(new Set(Object.values(said)).size > 8, true);
});

function wordOf(sent: Sent): string {
  if (sent.kind === 'answered') return `answered ${sent.status} ${(sent.body as { status?: string }).status}`;
  return sent.kind === 'silent' ? `silent ${sent.why}` : `not sent: ${sent.code}`;
}

function codeOf(error: unknown): string {
  return error instanceof Refusal ? error.code : 'no refusal';
}
