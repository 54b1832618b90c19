import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Frame, Page } from '@playwright/test';
import { type GivenVault, givenScope, givenVault, visa } from '../testing/given.ts';
import { frameOf, heard, openBrowser, type ParentOptions, servePage } from '../testing/page.ts';

let vault: GivenVault;
let browser: Browser;
let parent: Awaited<ReturnType<typeof servePage>>;
const open: Page[] = [];

before(async () => {
  parent = await servePage();
  vault = await givenVault({ parents: [parent.origin] });
  browser = await openBrowser();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((page) => page.context().close()));
});

after(async () => {
  await browser.close();
  parent.stop();
  await vault.stop();
});

async function given(options: Partial<ParentOptions> = {}) {
  const { body } = await vault.ask('/grants', givenScope());
  parent.shows({ frameUrl: `${vault.publicUrl}/frame`, grant: String(body.grant), ...options });
  const page = await (await browser.newContext()).newPage();
  open.push(page);
  await page.goto(parent.origin);
  return page;
}

async function givenForm(options: Partial<ParentOptions> = {}) {
  const page = await given(options);
  const frame = await frameOf(page);
  const [number, expiry, cvc] = ['#number', '#expiry', '#cvc'].map((id) => frame.locator(id));
  assert(number && expiry && cvc);
  return { page, frame, number, expiry, cvc };
}

const caret = (frame: Frame) =>
  frame.evaluate(() =>
    document.activeElement instanceof HTMLInputElement ? document.activeElement.selectionStart : -1,
  );
const putCaret = (frame: Frame, id: string, at: number) =>
  frame.evaluate(
    ([id, at]) => {
      const input = document.getElementById(String(id)) as HTMLInputElement;
      input.focus();
      input.setSelectionRange(Number(at), Number(at));
    },
    [id, at] as const,
  );

async function paste(page: Page, frame: Frame, id: string, text: string) {
  await page.evaluate((text) => {
    const box = document.createElement('textarea');
    document.body.append(box);
    box.value = text;
    box.select();
  }, text);
  await page.keyboard.press('Control+C');
  await frame.locator(id).focus();
  await page.keyboard.press('Control+V');
}

async function fillIn({ number, expiry, cvc }: Awaited<ReturnType<typeof givenForm>>, card = visa) {
  await number.pressSequentially(card.number);
  await expiry.pressSequentially(`${String(card.exp_month).padStart(2, '0')}${String(card.exp_year).slice(2)}`);
  await cvc.pressSequentially(card.cvc);
}

test('a number is grouped while it is typed, as its brand prints it, and the brand is shown and said', async () => {
  const { frame, number } = await givenForm();
  const cards = [
    ['4242424242424242', '4242 4242 4242 4242', 'visa', 'Visa', '3'],
    ['378282246310005', '3782 822463 10005', 'amex', 'American Express', '4'],
    ['36227206271667', '3622 720627 1667', 'diners', 'Diners Club', '3'],
    ['5555555555554444', '5555 5555 5555 4444', 'mastercard', 'Mastercard', '3'],
  ] as const;
  for (const [digits, grouped, brand, name, code] of cards) {
    await number.fill('');
    await number.pressSequentially(digits);
    assert.equal(await number.inputValue(), grouped);
    assert.deepEqual(
      await frame
        .locator('[data-brand]:visible')
        .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-brand'))),
      [brand],
    );
    assert.equal(await frame.locator('#number-brand').textContent(), name);
    assert.equal(await frame.locator('[data-code]:visible').getAttribute('data-code'), code);
    assert.match((await frame.locator('#cvc-where').textContent()) ?? '', new RegExp(`^${code} digits`));
  }
});

test('the caret stays where the shopper edits', async () => {
  const { page, frame, number } = await givenForm();
  await number.pressSequentially('424242424242');
  await putCaret(frame, 'number', 6);
  await page.keyboard.type('9');
  assert.deepEqual([await number.inputValue(), await caret(frame)], ['4242 4924 2424 2', 7]);
  await page.keyboard.type('88');
  assert.deepEqual([await number.inputValue(), await caret(frame)], ['4242 4988 2424 242', 9]);
  await page.keyboard.press('Backspace');
  assert.deepEqual([await number.inputValue(), await caret(frame)], ['4242 4982 4242 42', 8]);
  await putCaret(frame, 'number', 5);
  await page.keyboard.press('Backspace');
  assert.deepEqual(
    [await number.inputValue(), await caret(frame)],
    ['4244 9824 2424 2', 3],
    'backspace behind a space takes a digit',
  );
  await putCaret(frame, 'number', 4);
  await page.keyboard.press('Delete');
  assert.deepEqual(
    [await number.inputValue(), await caret(frame)],
    ['4244 8242 4242', 4],
    'and so does delete before one',
  );
});

test('a digit too many is not let in, and pushes no other out', async () => {
  const { page, frame, number } = await givenForm();
  await number.pressSequentially('378282246310005');
  await putCaret(frame, 'number', 2);
  await page.keyboard.type('1');
  assert.deepEqual([await number.inputValue(), await caret(frame)], ['3782 822463 10005', 2]);
});

test('numbers and dates are taken as they are pasted', async () => {
  const { page, frame, number, expiry } = await givenForm();
  for (const text of ['4242 4242 4242 4242', '4242-4242-4242-4242', ' 4242424242424242\n', '4242.4242.4242.4242']) {
    await number.fill('');
    await paste(page, frame, '#number', text);
    assert.equal(await number.inputValue(), '4242 4242 4242 4242', text);
  }
  for (const text of ['1/29', '01/2029', '0129', '01 / 29', '2029-01']) {
    await expiry.fill('');
    await paste(page, frame, '#expiry', text);
    assert.equal(await expiry.inputValue(), '01 / 29', text);
  }
});

test('an expiry date is written while it is typed and can be taken back', async () => {
  const { page, expiry } = await givenForm();
  for (const typed of ['129', '1/29', '0129', '01/2029']) {
    await expiry.fill('');
    await expiry.pressSequentially(typed);
    assert.equal(await expiry.inputValue(), typed === '129' ? '12 / 9' : '01 / 29', typed);
  }
  for (const left of ['01 / 2', '01', '0', '']) {
    await page.keyboard.press('Backspace');
    assert.equal(await expiry.inputValue(), left);
  }
});

test('faults are told on leaving a field, not while typing, and taken back on typing', async () => {
  const { page, frame, number, expiry } = await givenForm();
  await number.pressSequentially('4242424242424241');
  assert.equal(await frame.locator('.error:visible').count(), 0);
  await expiry.focus();
  assert.deepEqual(await frame.locator('.error:visible').allTextContents(), [
    'Your card number is not right. Check the digits.',
  ]);
  assert.equal(await number.getAttribute('aria-invalid'), 'true');
  assert.match((await number.getAttribute('aria-describedby')) ?? '', /number-error/);
  assert.equal(await frame.locator('#live').textContent(), 'Your card number is not right. Check the digits.');
  await number.focus();
  assert.equal(await frame.locator('.error:visible').count(), 1, 'looking at an empty field is no fault');
  await page.keyboard.press('Backspace');
  assert.equal(await frame.locator('.error:visible').count(), 0);
  assert.equal(await number.getAttribute('aria-invalid'), 'false');
  assert.equal(await number.inputValue(), '4242 4242 4242 424', 'nothing was cleared');
});

test('an incomplete card is not sent: every fault is told and the first field is focused', async () => {
  const { page, frame, number } = await givenForm();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await page.evaluate(() => window.order({ kind: 'submit' }));
  await page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'failed'));
  assert.deepEqual(await frame.locator('.error:visible').allTextContents(), [
    'Enter your card number.',
    'Enter the expiry date.',
    'Enter the security code.',
  ]);
  assert.equal(await number.evaluate((input) => input === document.activeElement), true);
  assert.deepEqual((await heard(page, 'failed'))[0]?.code, 'incomplete');
  assert.deepEqual(sent, []);
});

test('a whole card becomes a token; the page hears of brand, last four and token, and of the number nothing', async () => {
  const form = await givenForm();
  const { page, frame, number, cvc } = form;
  const requests: [string, string][] = [];
  page.on('request', (request) => requests.push([request.url(), request.postData() ?? '']));
  await fillIn(form);
  const changes = await heard(page, 'change');
  assert.deepEqual(changes.at(-1), { kind: 'change', complete: true, brand: 'visa', errors: {} });
  await page.evaluate(() => window.order({ kind: 'submit' }));
  await page.evaluate(() => window.order({ kind: 'submit' }));
  await page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'token'));
  const [token] = await heard(page, 'token');
  assert.match(String(token?.token), /^pm_/);
  assert.deepEqual({ ...token, token: '' }, { kind: 'token', token: '', brand: 'visa', last4: '4242' });
  assert.deepEqual(
    requests.map(([url]) => url),
    [`${vault.publicUrl}/tokens`],
    'sent once, to the vault alone',
  );

  const said = JSON.stringify(await page.evaluate(() => window.heard));
  for (const secret of [visa.number, '4242 4242', visa.cvc]) assert.ok(!said.includes(secret));
  assert.equal(
    await number.evaluate((input) => (input as HTMLInputElement).readOnly),
    true,
    'locked while it is paid with',
  );
  await page.evaluate(() => ['clear_cvc', 'unlock'].forEach((kind) => void window.order({ kind })));
  await frame.waitForFunction(() => !(document.getElementById('number') as HTMLInputElement).readOnly);
  assert.deepEqual([await number.inputValue(), await cvc.inputValue()], ['4242 4242 4242 4242', '']);
  assert.deepEqual(await page.context().storageState(), { cookies: [], origins: [] });
});

test('a number that a test system refuses is told of under the number, and another card can follow', async () => {
  const form = await givenForm();
  const { page, frame, number } = form;
  await fillIn(form, { ...visa, number: '4929420573595709' });
  await page.evaluate(() => window.order({ kind: 'submit' }));
  await page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'failed'));
  assert.match(
    (await frame.locator('#number-error').textContent()) ?? '',
    /^This is a test system and takes no real cards/,
  );
  await number.fill('');
  await number.pressSequentially(visa.number);
  await page.evaluate(() => window.order({ kind: 'submit' }));
  await page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'token'));
});

test('a grant that has run out is told to the page', async () => {
  const form = await givenForm({ grant: 'long-gone' });
  await fillIn(form);
  await form.page.evaluate(() => window.order({ kind: 'submit' }));
  await form.page.waitForFunction(() => window.heard.some(({ kind }) => kind === 'failed'));
  const [failed] = await heard(form.page, 'failed');
  assert.equal(failed?.code, 'grant_unusable');
  assert.match(String(failed?.message), /^You were not charged/);
});

test('the height follows what is shown, and 280 pixels are wide enough', async () => {
  const { page, frame, number, expiry } = await givenForm({ width: 280 });
  const height = async () => Number((await heard(page, 'height')).at(-1)?.pixels);
  const before = await height();
  await number.pressSequentially('6200000000000000003');
  assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= 280));
  assert.ok(
    await number.evaluate((input) => input.scrollWidth <= input.clientWidth),
    'the longest number is seen whole',
  );
  await expiry.pressSequentially('13/29');
  await number.focus();
  await page.waitForFunction(
    (before) => window.heard.some(({ kind, pixels }) => kind === 'height' && Number(pixels) > before),
    before,
  );
});

test('screen readers and browsers are told what each field is for', async () => {
  const { frame } = await givenForm();
  const fields = await frame
    .locator('input')
    .evaluateAll((inputs) =>
      (inputs as HTMLInputElement[]).map((input) => [
        input.autocomplete,
        input.inputMode,
        input.dir,
        input.labels?.[0]?.textContent,
      ]),
    );
  assert.deepEqual(fields, [
    ['cc-number', 'numeric', 'ltr', 'Card number'],
    ['cc-exp', 'numeric', 'ltr', 'Expiry date, month and year'],
    ['cc-csc', 'numeric', 'ltr', 'Security code'],
  ]);
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing, faults shown, in ${theme}`, async () => {
    const form = await givenForm({ theme });
    await fillIn(form, { ...visa, number: '4242424242424241', cvc: '1' });
    await form.number.focus();
    const { violations, passes } = await new AxeBuilder({ page: form.page }).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      [],
    );
    assert.ok(
      passes.some(({ id, nodes }) => id === 'color-contrast' && nodes.some(({ html }) => html.includes('error'))),
      'it saw the frame',
    );
  });
}
