import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { sha256 } from '#server/kernel/secret.ts';
import { asRole, type GivenVault, givenScope, givenToken, givenVault, visa } from './testing/given.ts';

let vault: GivenVault;

before(async () => {
  vault = await givenVault();
});

after(() => vault.stop());

const use = (scope: ReturnType<typeof givenScope>) => {
  const { maxAmount, ...rest } = scope;
  return { ...rest, amount: maxAmount };
};

test('a grant turns one card into one token, which describes the card without its number', async () => {
  const scope = givenScope();
  const { body } = await vault.ask('/grants', scope, 'web');
  const made = await vault.tokenise({ grant: body.grant, ...visa });
  assert.equal(made.status, 201);
  assert.match(String(made.body.token), /^pm_[\w-]{32}$/);
  assert.deepEqual({ ...made.body, token: '' }, { token: '', brand: 'visa', last4: '4242' });

  const described = await vault.ask('/tokens/describe', { token: made.body.token, use: use(scope) });
  const { fingerprint, ...card } = described.body;
  assert.deepEqual(card, { brand: 'visa', last4: '4242', expMonth: 4, expYear: visa.exp_year });
  assert.match(String(fingerprint), /^[\w-]{22}$/);

  const again = await vault.tokenise({ grant: body.grant, ...visa });
  assert.equal(again.body.code, 'token_unusable');
});

test('of two requests that both found the grant, one makes a token', { timeout: 30_000 }, async () => {
  const { body } = await vault.ask('/grants', givenScope());
  const grant = String(body.grant);
  const made = await vault.owner.begin(async (hold) => {
    await hold`SELECT 1 FROM grants WHERE hash = ${sha256(grant)} FOR UPDATE`;
    const rivals = [1, 2].map(() => vault.tokenise({ grant, ...visa }));
    // Both have read the grant and now wait for its row, in order to use it up. Asked on another connection: within a
    // transaction PostgreSQL does not look at its activity twice.
    const waiting = () =>
      vault.owner`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await waiting()).length < 2) await setImmediate();
    return { rivals };
  });
  const statuses = (await Promise.all(made.rivals)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [201, 400]);
});

test('a refused card leaves the grant for the next try, and the answer names the field', async () => {
  const { body } = await vault.ask('/grants', givenScope());
  const wrong = [
    [{ number: '4242424242424241' }, 'number', 'invalid_input'],
    [{ number: '42424242' }, 'number', 'invalid_input'],
    [{ exp_year: 2020 }, 'expiry', 'invalid_input'],
    [{ exp_month: 13 }, 'expiry', 'invalid_input'],
    [{ cvc: '12' }, 'cvc', 'invalid_input'],
    [{ cvc: '1234' }, 'cvc', 'invalid_input'],
  ] as const;
  for (const [change, param, code] of wrong) {
    const refused = await vault.tokenise({ grant: body.grant, ...visa, ...change });
    assert.deepEqual([refused.status, refused.body.param, refused.body.code], [400, param, code]);
    assert.equal(refused.headers['content-type'], 'application/problem+json');
  }
  assert.equal((await vault.tokenise({ grant: body.grant, ...visa })).status, 201);
});

test('a test system takes no number that may be a real one, and says why', async () => {
  const { body } = await vault.ask('/grants', givenScope());
  // Passes every check of form, but is not on the published list.
  const refused = await vault.tokenise({ grant: body.grant, ...visa, number: '4929420573595709' });
  assert.equal(refused.status, 400);
  assert.equal(refused.body.code, 'test_cards_only');
  assert.equal(refused.body.param, 'number');
  assert.match(String(refused.body.detail), /test system.*no real cards.*4242 4242 4242 4242/);
});

test('a grant ends after 15 minutes, and so does a token', async () => {
  const scope = givenScope();
  const { body } = await vault.ask('/grants', scope);
  const token = await givenToken(vault, scope);
  vault.advance(14 * 60_000);
  assert.equal((await vault.ask('/tokens/describe', { token, use: use(scope) })).status, 200);
  vault.advance(2 * 60_000);
  assert.equal((await vault.tokenise({ grant: body.grant, ...visa })).body.code, 'token_unusable');
  assert.equal((await vault.ask('/tokens/describe', { token, use: use(scope) })).body.code, 'token_unusable');
  vault.back();
});

test('a token tells nothing to another merchant, intent or currency, or above its amount', async () => {
  const scope = givenScope();
  const token = await givenToken(vault, scope);
  const misuses = [
    { merchantId: randomUUID() },
    { intentId: randomUUID() },
    { currency: 'USD' },
    { amount: '1251' },
    { amount: '0' },
  ];
  for (const misuse of misuses) {
    const refused = await vault.ask('/tokens/describe', { token, use: { ...use(scope), ...misuse } });
    assert.deepEqual([refused.status, refused.body.code], [400, 'token_unusable'], JSON.stringify(misuse));
  }
  const stranger = await vault.ask('/tokens/describe', { token: `${token}x`, use: use(scope) });
  assert.equal(stranger.body.code, 'token_unusable');
});

test('a fingerprint is the same for the same card of a merchant, and another one for another merchant', async () => {
  const scope = givenScope();
  const fingerprint = async (at: typeof scope, card: object) => {
    const { body } = await vault.ask('/tokens/describe', { token: await givenToken(vault, at, card), use: use(at) });
    return body.fingerprint;
  };
  const first = await fingerprint(scope, visa);
  assert.equal(await fingerprint(scope, { ...visa, cvc: '111' }), first);
  assert.notEqual(await fingerprint(scope, { ...visa, number: '5555555555554444' }), first);
  assert.notEqual(await fingerprint(givenScope(), visa), first);
});

test('test cards have names in test mode, and unknown names are refused', async () => {
  const scope = givenScope();
  const { body } = await vault.ask('/tokens/test', { name: 'pm_card_amex', scope });
  const described = await vault.ask('/tokens/describe', { token: body.token, use: use(scope) });
  assert.equal(described.body.brand, 'amex');
  for (const name of ['pm_card_nobody', 'constructor', '']) {
    assert.equal((await vault.ask('/tokens/test', { name, scope })).body.code, 'invalid_input');
  }
});

test('the worker shows no page and gets no grant', async () => {
  assert.equal((await vault.ask('/grants', givenScope(), 'worker')).status, 403);
});

test('neither number nor code is in the database or in the log, in any of the forms they could take', async () => {
  const card = { ...visa, number: '5105105105105100', cvc: '931' };
  await givenToken(vault, givenScope(), card);
  const dump = JSON.stringify([
    await vault.owner`SELECT t.*, encode(sealed, 'hex') AS hex, encode(sealed, 'escape') AS plain FROM tokens t`,
    await vault.owner`SELECT f.*, encode(mac, 'hex') AS hex FROM fingerprints f`,
    await vault.owner`SELECT * FROM grants`,
    await vault.owner`SELECT * FROM sends`,
  ]);
  const log = vault.lines.join('');
  const forms = (text: string) => [
    text,
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
  ];
  const places = dump + log;
  assert.match(places, /"last4":"5100"/, 'the search would find what is there');
  for (const form of [...forms(card.number), ...forms('5105 1051 0510 5100')]) assert.ok(!places.includes(form), form);
  assert.doesNotMatch(places, /(?<![\dA-Za-z.:-])931(?![\dA-Za-z])/);
});

test('the vault role may not change a sealed card, a scope or a claim', async () => {
  const role = asRole(vault.databaseUrl('vault'));
  const denied = { code: '42501' };
  await givenToken(vault);
  await assert.rejects(role`UPDATE tokens SET sealed = sealed`, denied);
  await assert.rejects(role`UPDATE tokens SET max_amount = 99999999`, denied);
  await assert.rejects(role`UPDATE tokens SET expires_at = expires_at + interval '1 year'`, denied);
  await assert.rejects(role`UPDATE sends SET send = send + 1`, denied);
  await assert.rejects(role`DELETE FROM fingerprints`, denied);
  await role.end();
});

test('of many requests at once with a few grants, each grant makes one token', async () => {
  const grants = await Promise.all(
    Array.from({ length: 5 }, async () => String((await vault.ask('/grants', givenScope())).body.grant)),
  );
  const rivals = Array.from({ length: 40 }, (_, n) => vault.tokenise({ grant: grants[n % 5], ...visa }));
  const statuses = (await Promise.all(rivals)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 201).length, 5);
  assert.equal(statuses.filter((status) => status === 400).length, 35);
});
