import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { openVault } from './core/database.ts';
import { deleteExpired } from './core/retention.ts';
import { makeVerificationCodes } from './core/verification-codes.ts';
import { type GivenVault, givenScope, givenToken, givenVault, visa } from './testing/given.ts';

let vault: GivenVault;

before(async () => {
  vault = await givenVault();
});

after(() => vault.stop());

test('every script and style of the frame is named by its hash, and the policy allows nothing else', async () => {
  const answer = await request(`${vault.publicUrl}/frame`);
  const html = await answer.body.text();
  const policy = String(answer.headers['content-security-policy']);
  const elements = [...html.matchAll(/<(script|style)[^>]*>([\s\S]*?)<\/\1>/g)];
  assert.equal(elements.length, 2);
  for (const [, name, text = ''] of elements) {
    const hash = createHash('sha384').update(text).digest('base64');
    assert.ok(policy.includes(`${name}-src 'sha384-${hash}'`), `${name} is hashed`);
    assert.ok(text.length > 1000);
  }
  assert.doesNotMatch(html, /\son\w+=|\sstyle=|javascript:|<script[^>]+src=|<link/i);
  for (const part of [
    "default-src 'none'",
    "connect-src 'self'",
    'frame-ancestors http://localhost:3000',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]) {
    assert.ok(policy.split('; ').includes(part), part);
  }
  assert.doesNotMatch(policy, /unsafe|\*|https?:(?!\/\/localhost:3000)/);
});

test('the frame is sent with every header that keeps it to itself', async () => {
  const { headers, body } = await request(`${vault.publicUrl}/frame`, { headers: { 'accept-encoding': 'br' } });
  await body.dump();
  const expected = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'origin-agent-cluster': '?1',
    'cross-origin-resource-policy': 'cross-origin',
    'content-encoding': 'br',
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(headers[name], value, name);
  assert.match(String(headers['permissions-policy']), /camera=\(\)/);
  assert.equal(headers['set-cookie'], undefined);
});

test('cards are taken from the frame alone', async () => {
  const { body } = await vault.ask('/grants', givenScope());
  const card = { grant: body.grant, ...visa };
  const strangers: Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { origin: `${vault.publicUrl}.evil.test` },
  ];
  for (const headers of strangers) {
    const refused = await vault.tokenise(card, headers);
    assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden']);
    assert.equal(refused.headers['access-control-allow-origin'], undefined);
  }
  const preflight = await request(`${vault.publicUrl}/tokens`, {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:3000' },
  });
  assert.equal(preflight.statusCode, 404);
  assert.equal(preflight.headers['access-control-allow-origin'], undefined);
  await preflight.body.dump();
});

test('bad input gets a clear error that repeats nothing of it', async () => {
  const origin = { origin: vault.publicUrl };
  const bad: [unknown, Record<string, string>, number][] = [
    ['{"number":"4242424242424242"', origin, 400],
    ['[]', origin, 400],
    [{ ...visa, grant: 'x', extra: '4242424242424242' }, origin, 400],
    [{ ...visa, grant: 'x', number: '4242 4242 4242 4242' }, origin, 400],
    [{ ...visa, grant: 'x', number: 4242424242424242 }, origin, 400],
    [{ ...visa, grant: { $ne: '' } }, origin, 400],
    ['grant=x&number=4242424242424242', { ...origin, 'content-type': 'application/x-www-form-urlencoded' }, 400],
    [{ ...visa, grant: 'x'.repeat(5000) }, origin, 413],
  ];
  for (const [body, headers, status] of bad) {
    const refused = await vault.tokenise(body, headers);
    assert.equal(refused.status, status, refused.text);
    assert.equal(refused.headers['content-type'], 'application/problem+json');
    assert.ok(!refused.text.includes('4242'), refused.text);
  }
  assert.ok(!vault.lines.join('').includes('4242424242424242'));
});

test('there is nothing behind other paths, and the internal doors are not on the public side', async () => {
  for (const path of [
    '/',
    '/egress',
    '/grants',
    '/tokens/describe',
    '/frame/../main.ts',
    '/frame/frame.ts',
    '/constructor',
  ]) {
    const answer = await request(`${vault.publicUrl}${path}`, { method: 'POST', body: '{}' });
    assert.equal(answer.statusCode, 404, path);
    await answer.body.dump();
  }
});

test('it tells that it lives, that its database answers, and what it has counted', async () => {
  for (const path of ['/health', '/ready', '/metrics']) {
    const answer = await request(`${vault.publicUrl}${path}`);
    assert.equal(answer.statusCode, 200, path);
    await answer.body.dump();
  }
});

test('a client that sends its headers slowly is hung up on', { timeout: 30_000 }, async () => {
  const socket = connect(Number(new URL(vault.publicUrl).port), '127.0.0.1');
  socket.write('GET /frame HTTP/1.1\r\nHost: x\r\n');
  const said = Buffer.concat(await socket.toArray()).toString();
  assert.match(said, /^HTTP\/1.1 408/);
});

test('what has had its time is deleted: the sealed card, the grant, and the claim after a month', async () => {
  await givenToken(vault);
  await vault.ask('/grants', givenScope());
  const sql = openVault(vault.settings.databaseUrl);
  const clock = { ...vault.clock, now: () => new Date(Date.now() + 16 * 60_000) };
  await vault.owner`
    INSERT INTO sends SELECT gen_random_uuid(), 1, 1, gen_random_uuid(), NULL, 'alder', 'api', now() - d * interval '1 day'
    FROM unnest(ARRAY[29, 31]) AS d`;
  const left = async () =>
    (
      await vault.owner`
    SELECT (SELECT count(*) FROM tokens)::int tokens, (SELECT count(*) FROM grants)::int grants, (SELECT count(*) FROM sends)::int sends`
    )[0];
  await deleteExpired({ sql, codes: makeVerificationCodes(vault.clock), clock: vault.clock });
  assert.deepEqual(await left(), { tokens: 1, grants: 2, sends: 1 });
  await deleteExpired({ sql, codes: makeVerificationCodes(clock), clock });
  assert.deepEqual(await left(), { tokens: 0, grants: 0, sends: 1 });
  await sql.end();
});
