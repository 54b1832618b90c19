import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { type GivenVault, givenScope, givenVault } from '../testing/given.ts';
import { frameOf, heard, openBrowser, servePage } from '../testing/page.ts';

let vault: GivenVault;
let browser: Browser;
let parent: Awaited<ReturnType<typeof servePage>>;
let stranger: Awaited<ReturnType<typeof servePage>>;
const open: Page[] = [];

before(async () => {
  parent = await servePage();
  stranger = await servePage();
  vault = await givenVault({ parents: [parent.origin] });
  browser = await openBrowser();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((page) => page.context().close()));
});

after(async () => {
  await browser.close();
  parent.stop();
  stranger.stop();
  await vault.stop();
});

const frameUrl = () => `${vault.publicUrl}/frame`;

async function newPage() {
  const page = await (await browser.newContext()).newPage();
  open.push(page);
  return page;
}

async function welcomed() {
  const { body } = await vault.ask('/grants', givenScope());
  parent.shows({ frameUrl: frameUrl(), grant: String(body.grant) });
  const page = await newPage();
  await page.goto(parent.origin);
  return { page, frame: await frameOf(page) };
}

/** Greets the frame from the page around it, and counts what is answered to these greetings until a good one is. */
function greet(page: Page, greetings: unknown[]) {
  return page.evaluate(async (greetings) => {
    const frame = document.querySelector('iframe');
    const answered: unknown[] = [];
    const last = Promise.withResolvers<void>();
    addEventListener('message', ({ data }) => {
      answered.push(data.nonce);
      if (data.nonce === 'the-last') last.resolve();
    });
    const good = { florin: 'hello', nonce: 'the-last', grant: 'g', locale: 'en', theme: 'light' };
    // Messages arrive in order: when the last is answered, the others have been dropped or answered too.
    for (const greeting of [...greetings, good]) frame?.contentWindow?.postMessage(greeting, '*');
    await last.promise;
    return answered;
  }, greetings);
}

const hello = { florin: 'hello', nonce: 'n', grant: 'g', locale: 'en', theme: 'light' };

test('a page of an origin that is not allowed cannot show the frame', async () => {
  stranger.shows({ frameUrl: frameUrl(), grant: 'g' });
  const page = await newPage();
  const refused = page.waitForEvent('console', { predicate: (message) => message.text().includes('frame-ancestors') });
  await page.goto(stranger.origin);
  await refused;
});

test('if it could, its greeting would be heard and not answered', async () => {
  stranger.shows({ frameUrl: frameUrl(), grant: 'g' });
  const page = await newPage();
  await page.route(frameUrl(), async (route) => {
    const response = await route.fetch();
    const policy = (response.headers()['content-security-policy'] ?? '').replace(/frame-ancestors [^;]+; /, '');
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  await page.addInitScript(() => {
    if (window === window.parent) return;
    window.heard = [];
    addEventListener('message', ({ origin }) => window.heard.push({ kind: origin }));
  });
  await page.goto(stranger.origin);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  // A page that is answered stops greeting: the third greeting says that the first was heard and not answered.
  await Promise.race([
    frame?.waitForFunction(() => window.heard?.length >= 3),
    page.waitForFunction(() => window.welcomes > 0),
  ]);
  assert.equal(await page.evaluate(() => window.welcomes), 0);
  assert.equal(await frame?.evaluate(() => window.heard[0]?.kind), stranger.origin);
});

test('another window than the one around the frame is not answered, whatever its origin', async () => {
  const { page, frame } = await welcomed();
  await page.evaluate(() =>
    addEventListener('message', ({ data }) => window.heard.push({ kind: `welcome ${data.nonce}` })),
  );
  const sibling = page.waitForEvent('frameattached');
  await page.evaluate(() => {
    const element = document.createElement('iframe');
    element.srcdoc = '<p>of the same origin as the page</p>';
    document.body.append(element);
  });
  const beside = await sibling;
  await beside.waitForSelector('p');
  // Listened for before it is sent: the two windows live in processes of their own, and neither waits for the other.
  await frame.evaluate(() => {
    const arrived = new Promise((resolve) =>
      addEventListener('message', ({ origin, source }) => resolve([origin, source === window.parent])),
    );
    Object.assign(window, { arrived });
  });
  await beside.evaluate(async (hello) => {
    addEventListener('message', () => document.body.setAttribute('data-answered', 'yes'));
    window.parent.frames[0]?.postMessage(hello, '*');
  }, hello);
  const arrived = await frame.evaluate(() => (window as unknown as { arrived: Promise<unknown> }).arrived);
  assert.deepEqual(arrived, [parent.origin, false], 'the origin is the allowed one, the window is not');
  await greet(page, []);
  assert.equal((await heard(page, 'welcome the-last')).length, 1);
  assert.equal((await heard(page, 'welcome n')).length, 0, 'an answer would have gone to the window around the frame');
  assert.equal(await beside.locator('[data-answered]').count(), 0);
});

test('greetings of another shape are dropped', async () => {
  const { page } = await welcomed();
  const { nonce: _nonce, ...nameless } = hello;
  const misshapen = [
    null,
    'hello',
    1,
    [],
    {},
    nameless,
    { ...hello, florin: 'hallo' },
    { ...hello, nonce: 7 },
    { ...hello, nonce: 'x'.repeat(300) },
    { ...hello, grant: undefined },
    { ...hello, theme: 'red' },
    { ...hello, look: { accent: 'red;background:url(//evil.test)' } },
    { ...hello, look: { radius: '8px' } },
    { ...hello, look: 'dark' },
  ];
  assert.deepEqual(await greet(page, misshapen), ['the-last']);
});

test('a greeting is answered once, and a new page in the same window gets a channel of its own', async () => {
  const { page } = await welcomed();
  assert.equal(await page.evaluate(() => window.welcomes), 1);
  assert.deepEqual(await greet(page, [hello, hello, hello]), ['n', 'the-last']);
});

test('orders of another shape do nothing', async () => {
  const { page, frame } = await welcomed();
  await frame.locator('#number').pressSequentially('4242');
  await page.evaluate(() => {
    const orders = [
      null,
      'submit',
      7,
      {},
      { kind: 'read' },
      { kind: 'focus', field: 'body' },
      { kind: 'grant', grant: 7 },
    ];
    for (const order of orders) window.order(order as object);
    window.order({ kind: 'submit' });
  });
  await page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'failed'));
  assert.equal((await heard(page, 'failed')).length, 1);
});

test('the page is told of the Enter key, and leads the eye to a field', async () => {
  const { page, frame } = await welcomed();
  await frame.locator('#number').press('Enter');
  await page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'enter'));
  await page.evaluate(() => window.order({ kind: 'focus', field: 'cvc' }));
  await frame.waitForFunction(() => document.activeElement?.id === 'cvc');
});

test('no markup can be made from text, and no script is run that the policy does not name', async () => {
  const { page, frame } = await welcomed();
  const blocked = await frame.evaluate(async () => {
    const outcomes: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => outcomes.push(effectiveDirective));
    // Without eval, which a test driver is exempt from.
    for (const attack of [
      () => (document.body.innerHTML += '<img src=x onerror=alert(1)>'),
      () => document.body.append(Object.assign(document.createElement('script'), { text: 'window.evil = 1' })),
      () => document.body.append(Object.assign(document.createElement('img'), { src: 'https://evil.test/4242' })),
      () => fetch('https://evil.test/', { mode: 'no-cors' }).catch(() => {}),
    ]) {
      try {
        await attack();
      } catch (error) {
        outcomes.push((error as Error).name);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    return { outcomes: [...new Set(outcomes)].sort(), evil: 'evil' in window };
  });
  assert.deepEqual(blocked, {
    outcomes: ['TypeError', 'connect-src', 'img-src', 'require-trusted-types-for'],
    evil: false,
  });
  assert.equal(page.frames().length, 2);
});
