import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { asSuperuser, leaks, type Sink, sinksOf, spellings } from './leak-search.ts';
import { buy, cardFrame, pay, type TypedCard, toCheckout } from './shopper.ts';
import { ready } from './stack.ts';

// PCI DSS v4.0.1 3.3.1 and 3.5.1: the number only from the browser into the vault, the code nowhere at rest.

/** Numbers that no other test types, with codes that are worth searching for. */
const paid: TypedCard = { number: '3056930009020004', expiry: '1130', cvc: '938' };
const refused: TypedCard = { number: '4000000000006975', expiry: '1031', cvc: '746' };
const mistyped: TypedCard = { number: '3566002020360506', expiry: '0932', cvc: '851' };

/** All that the browser sends to anybody but the vault. */
function listen(page: Page): Sink[] {
  const sent: Sink[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin === ready().urls.vault) return;
    const headers = Object.entries(request.headers()).map((pair) => pair.join(': '));
    const text = [request.url(), ...headers, request.postData() ?? ''].join('\n');
    sent.push({ place: `browser ${request.method()} ${new URL(request.url()).pathname}`, text });
  });
  return sent;
}

test('no typed card number or code reaches another origin, a log, a trace or a row', async ({ page }) => {
  const sent = listen(page);
  const email = `canary-${Date.now()}@example.com`;
  await buy(page, { email, card: paid });
  await toCheckout(page);
  await page.getByLabel('E-mail').fill(email);
  await pay(page, mistyped);
  await page.waitForTimeout(500);
  await pay(page, refused);
  await expect(page.getByRole('alert').filter({ hasText: /card/ })).toBeVisible();
  // Traces are written in batches of half a second.
  await page.waitForTimeout(1500);

  expect(sent.length).toBeGreaterThan(10);
  const sinks = [...sent, ...(await sinksOf(ready()))];
  for (const place of [
    'logs/web.log',
    'logs/api.log',
    'logs/vault.log',
    'logs/worker.log',
    'traces/web.jsonl',
    'traces/vault.jsonl',
    'florin.events',
    'florin_vault.tokens',
  ]) {
    expect(
      sinks.map((sink) => sink.place),
      'the search looks there',
    ).toContain(place);
  }
  for (const card of [paid, refused, mistyped]) expect(leaks(sinks, card)).toEqual([]);
  // The right payments were looked at: what may be shown of them is there.
  expect(sinks.find(({ place }) => place === 'florin.payments')?.text).toContain(paid.number.slice(-4));
});

test('the same search finds a canary in each of those places', async ({ page }) => {
  const canary: TypedCard = { number: '6011000990139424', expiry: '0131', cvc: '692' };
  const { folder } = ready();
  const sent = listen(page);
  await page.goto(ready().urls.shop);
  await page.evaluate((number) => fetch(`/shop?q=${encodeURIComponent(number)}`), '6011 0009 9013 9424');
  expect(leaks(sent, canary)).not.toEqual([]);

  for (const spelling of spellings(canary.number))
    expect(leaks([{ place: 'x', text: `a${spelling}b` }], canary), spelling).not.toEqual([]);
  for (const text of ['{"cvc":"692"}', 'cvc=692&x=1', 'the code 692 was typed', '{"note":"692"}', `cvc: 692\n`]) {
    expect(leaks([{ place: 'x', text }], canary), text).not.toEqual([]);
  }
  expect(leaks([{ place: 'x', text: 'took 692.5 ms, 01a692, {"milliseconds": 692}' }], canary)).toEqual([]);

  appendFileSync(join(folder, 'logs/web.log'), `{"planted":"${canary.number}"}\n`);
  appendFileSync(join(folder, 'traces/web.jsonl'), `{"planted":"${Buffer.from(canary.number).toString('base64')}"}\n`);
  const sql = asSuperuser(ready(), 'florin');
  await sql`CREATE TABLE IF NOT EXISTS planted (canary text)`;
  await sql`INSERT INTO planted VALUES (${`6011-0009-9013-9424 ${canary.cvc}`})`;
  await sql.end();
  const found = leaks(await sinksOf(ready()), canary).map((line) => line.split(':')[0]);
  for (const place of ['logs/web.log', 'traces/web.jsonl', 'florin.planted']) expect(found).toContain(place);
});

test('what a stranger sends can neither write a line of the log nor leave a number in it', async () => {
  const canary: TypedCard = { number: '5200828282828210', expiry: '0131', cvc: '583' };
  const { folder, urls } = ready();
  const marker = `forged-${Date.now()}`;
  const planted = `x:\n{"level":"info","message":"${marker}"}\ncard ${canary.number}`;
  const cookie = `next-auth.callback-url=${encodeURIComponent(planted)}`;
  const form = new URLSearchParams({ level: 'error', code: planted, message: planted });
  const before = linesOf(folder).length;
  const answers = await Promise.all([
    fetch(`${urls.web}/api/auth/signin?${new URLSearchParams({ callbackUrl: planted })}`, { redirect: 'manual' }),
    fetch(`${urls.web}/api/auth/csrf`, { headers: { cookie } }),
    fetch(`${urls.web}/api/auth/_log`, { method: 'POST', body: form }),
    ...[canary.number, canary.number.replace(/\d{4}(?=\d)/g, '$&%20')].map((action) =>
      fetch(urls.shop, { method: 'POST', headers: { 'next-action': action }, body: new FormData() }),
    ),
  ]);
  expect(answers[2]?.status, 'nobody writes to the log by asking').toBe(404);

  const lines = linesOf(folder);
  expect(lines.slice(before).join('\n'), 'they were noticed').toMatch(/INVALID_CALLBACK_URL/i);
  for (const line of lines.slice(before)) expect(JSON.parse(line).message).not.toBe(marker);
  expect(leaks(await sinksOf(ready()), canary)).toEqual([]);
});

/** Whole lines of what the pages have logged. */
function linesOf(folder: string): string[] {
  return readFileSync(join(folder, 'logs/web.log'), 'utf8').split('\n').slice(0, -1);
}

test('the card frame refuses a real number in test mode and says why, and nothing of it is kept', async ({ page }) => {
  const real: TypedCard = { number: '4539578763621486', expiry: '1230', cvc: '977' };
  await toCheckout(page);
  await page.getByLabel('E-mail').fill('real@example.com');
  await pay(page, real);
  await expect(
    cardFrame(page)
      .getByText(/test card/i)
      .first(),
  ).toBeVisible();
  expect(leaks(await sinksOf(ready()), real)).toEqual([]);
});
