import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { publishedCards } from './core/cards.ts';
import { type Acquirer, authorization, card, inProcess, ownProcess, visa } from './testing/acquirer.ts';

let alder: Acquirer;
let birch: Acquirer;

before(async () => {
  [alder, birch] = await Promise.all([ownProcess({ name: 'alder' }), inProcess({ name: 'birch' })]);
});

after(() => Promise.all([alder.stop(), birch.stop()]));

// Written out from the list of test cards, not read from the code under test.
const declines: Record<string, [alder: string, birch: string]> = {
  '4000000000000002': ['do_not_honour', 'N05'],
  '4000000000000341': ['do_not_honour', 'N05'],
  '4000000000009995': ['insufficient_funds', 'N51'],
  '4000000000009987': ['card_reported_lost', 'N41'],
  '4000000000009979': ['card_reported_stolen', 'N43'],
  '4000000000000069': ['card_expired', 'N54'],
  '4000000000000127': ['security_code_mismatch', 'N82'],
  '4000000000000119': ['issuer_error', 'N96'],
  '4000000000006975': ['velocity_limit_reached', 'N65'],
  '4100000000000019': ['suspected_fraud', 'N59'],
  '4242424242424241': ['card_number_invalid', 'N14'],
  '4000008400001280': ['issuer_error', 'N96'],
  // Passes Luhn and is no published test card.
  '4539578763621486': ['not_a_test_card', 'N58'],
};

for (const [number, [alderCode, birchCode]] of Object.entries(declines)) {
  test(`a card ending in ${number.slice(-4)} is declined as ${alderCode} and as ${birchCode}`, async () => {
    for (const [acquirer, code] of [
      [alder, alderCode],
      [birch, birchCode],
    ] as const) {
      const { status, body } = await acquirer.post('/authorizations', authorization(number));
      assert.deepEqual([status, body.status, body.code], [402, 'declined', code]);
      assert.match(body.id, /^auth_/);
      assert.ok(body.message);
    }
  });
}

const asked = [
  '4000002500003155',
  '4000002760003184',
  '4000000000003220',
  '4000000000003063',
  '4000008400001629',
  '4000008260003178',
];

test('every other published card is approved, but for those whose holder is asked first', async () => {
  const approved = publishedCards().filter(([number]) => !(number in declines) && !asked.includes(number));
  assert.equal(approved.length, 32);
  for (const [number] of approved) {
    const cvc = /^3[47]/.test(number) ? '1234' : '123';
    const { status, body } = await alder.post(
      '/authorizations',
      authorization(number, { card: card(number, { cvc }) }),
    );
    assert.deepEqual([number, status, body.status, body.amount], [number, 201, 'approved', 1250]);
  }
});

test('a wrong verification code is declined only where one is sent', async () => {
  const without = authorization('4000000000000127', { card: card('4000000000000127', {}) });
  assert.equal((await alder.post('/authorizations', without)).status, 201);
});

const malformed: [what: string, card: object, code: string][] = [
  ['month 13', card(visa, { exp_month: '13' }), 'expiry_month_invalid'],
  ['month 0', card(visa, { exp_month: 0 }), 'expiry_month_invalid'],
  ['year 95', card(visa, { exp_year: '95' }), 'expiry_year_invalid'],
  ['year 1995', card(visa, { exp_year: 1995 }), 'expiry_year_invalid'],
  ['a month that is over', card(visa, { exp_month: 1, exp_year: 2024 }), 'card_expired'],
  ['a verification code of two digits', card(visa, { cvc: '12' }), 'security_code_malformed'],
  ['a verification code of three digits on American Express', card('378282246310005'), 'security_code_malformed'],
];

for (const [what, typed, code] of malformed) {
  test(`${what} is declined as ${code}`, async () => {
    const { status, body } = await alder.post('/authorizations', authorization(visa, { card: typed }));
    assert.deepEqual([status, body.code], [402, code]);
  });
}

test('a card is good to the end of its month, with its year in two digits too', async () => {
  const now = new Date();
  const typed = { exp_month: now.getUTCMonth() + 1, exp_year: now.getUTCFullYear() % 100 };
  assert.equal((await alder.post('/authorizations', authorization(visa, { card: card(visa, typed) }))).status, 201);
});

test('a card that refuses refunds is charged and keeps the money', async () => {
  for (const number of ['4000000000007726', '4000000000005126']) {
    const authorized = await alder.post('/authorizations', authorization(number, { reference: number.slice(-4) }));
    const captured = await alder.post(`/authorizations/${authorized.body.id}/captures`, { amount: 1250 });
    const refund = await alder.post(`/captures/${captured.body.id}/refunds`, { amount: 100 });
    assert.deepEqual([refund.status, refund.body.status, refund.body.code], [402, 'declined', 'do_not_honour']);
    const kinds = (await alder.books(`?reference=${number.slice(-4)}`)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['authorization', 'capture']);
  }
});

test('a decline is no effect: the books show approvals alone', async () => {
  const books = [...(await alder.books()), ...(await birch.books())];
  assert.ok(books.length > 32);
  assert.deepEqual(
    books.filter(({ last4 }) => ['0002', '9995', '1280', '4241'].includes(String(last4))),
    [],
  );
});
