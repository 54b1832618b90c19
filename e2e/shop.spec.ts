import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, test } from '@playwright/test';
import { ready } from './stack.ts';

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request as a stranger may write it: `fetch` would not send every Host, method and path. */
async function send({ method = 'POST', path = '/shop/checkout', headers = {}, body = '' }: Sent) {
  const { hostname, port, origin } = new URL(ready().urls.web);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = request({ hostname, port, method, path, headers: { origin, ...form, ...headers } }).end(body);
  const [{ statusCode, headers: answered }] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: statusCode, location: answered.location };
}

const press = (values: Record<string, string>) => new URLSearchParams({ mug: '1', ...values }).toString();

test('a checkout returns to the shop whatever host the request names, and another origin opens none', async () => {
  const evil = { host: 'evil.test', origin: 'http://evil.test' };
  const body = press({ press: randomUUID() });
  expect(await send({ headers: evil, body })).toMatchObject({ status: 403, location: undefined });
  const { status, location } = await send({ headers: { host: 'evil.test' }, body });
  expect(status).toBe(303);
  expect(location).toContain(`${ready().urls.web}/checkout/`);
  const page = await (await fetch(location ?? '')).text();
  expect(page).toContain(ready().urls.shop);
  expect(page).not.toContain('evil.test');
});

test('two presses of one form open one checkout, and nothing that is shown of it opens it again', async () => {
  const body = press({ press: randomUUID() });
  const first = await send({ body });
  expect(await send({ body })).toEqual(first);
  expect((await send({ body: press({ press: randomUUID() }) })).location).not.toBe(first.location);
  for (const shown of ['HG-AAAAAA', '1']) {
    const { location } = await send({ body: press({ press: shown, order: shown }) });
    expect(location, 'only what the shop has drawn').toBe(`${ready().urls.shop}?empty=1`);
  }
});

test('what makes no sense is refused, and is no failure of ours', async () => {
  const odd: [sent: Sent, status: number][] = [
    [{ method: 'TRACE', path: '/shop' }, 405],
    [{ method: 'GET', path: '/checkout/%ff' }, 400],
    [{ method: 'GET', path: '/api/trpc/checkout.status?input=%7B%7D' }, 405],
    [{ headers: { 'content-type': 'application/json' }, body: '{}' }, 400],
  ];
  for (const [sent, status] of odd) expect((await send(sent)).status, JSON.stringify(sent)).toBe(status);
});
