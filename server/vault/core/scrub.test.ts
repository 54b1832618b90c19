import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeScrubber } from './scrub.ts';

const number = '5105105105105100';
const code = '012';
const scrubber = makeScrubber({ number, code });
const fullWidth = [...number].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');

test('the sent number is taken out in whatever form it comes back', () => {
  const split = (separator: string) => [...number].join(separator);
  const separators = ['', ' ', '-', '/', '_', ',', '–', '\u200b', ' / ', '...', '\0', '👍', '<b>'];
  const hex = Buffer.from(number).toString('hex');
  const echoes = [...separators.map(split), fullWidth, hex, hex.replaceAll(/..(?!$)/g, '$&%')];
  for (const echo of echoes) {
    assert.equal(scrubber.text(`card ${echo} refused`), 'card [removed] refused', echo);
    assert.deepEqual(scrubber.json({ id: echo, [`x${echo}`]: [{ y: echo }] }), {
      id: '[removed]',
      'x[removed]': [{ y: '[removed]' }],
    });
  }
});

test('the sent number is taken out of base64, wherever in it it stands', () => {
  for (const before of ['', 'x', 'xy', 'xyz', '{"number":"']) {
    for (const after of ['', '"', '"}', ' !!']) {
      const said = scrubber.text(Buffer.from(before + number + after).toString('base64'));
      const rest = said.split('[removed]').map((part) => Buffer.from(part, 'base64').toString('latin1'));
      assert.ok(said.includes('[removed]'), `${before}…${after}`);
      assert.ok(!rest.join('').includes(number.slice(0, 4)), said);
    }
  }
});

test('a number of 19 digits is known although JSON rounds it', () => {
  const long = '6304000000000000123';
  assert.equal(makeScrubber({ number: long }).json(JSON.parse(long)), '[removed]');
});

test('every other number that could be a card goes too, though not its neighbours', () => {
  assert.equal(scrubber.text('5555 5555 5555 4444, order 1234567890123'), '[removed], order 1234567890123');
});

test('the sent code is taken out under a name for it, as text and as a number', () => {
  for (const name of ['cvc', 'cvv2', 'cardCode', 'code', 'securityCode', 'security', 'verification_value']) {
    assert.deepEqual(scrubber.json({ [name]: code, list: { [name]: [12] } }), {
      [name]: '[removed]',
      list: { [name]: ['[removed]'] },
    });
  }
  assert.equal(scrubber.json({ cvc: 'was ０１２' }) && scrubber.text('CVC: 012.'), 'CVC: [removed].');
  assert.deepEqual(scrubber.json({ cvc: 'was ０１２', echo: code }), { cvc: '[removed]', echo: '[removed]' });
});

test('scrubbing leaves the facts that money depends on', () => {
  const answer = {
    id: 'auth_5105-012',
    amount: 12,
    status: 'declined',
    code: '051',
    currencyCode: '012',
    status_code: '012',
    message: 'ﬁne, 5105 and 012',
    reference: '4111111111111111',
    uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
    at: '2026-11-21T10:00:00Z',
  };
  assert.deepEqual(scrubber.json(answer), answer);
  assert.deepEqual(scrubber.json({ count: 4111111111111111 }), { count: '[removed]' });
});

test('what PostgreSQL cannot hold is cleaned, in keys and values at any depth', () => {
  const said = JSON.parse('{"a\\u0000":["ok\\u0000",{"\\ud83d":"\\ud83d"}],"whole":"👍"}');
  assert.deepEqual(scrubber.json(said), { a: ['ok', { '\ufffd': '\ufffd' }], whole: '👍' });
});

test('a large answer takes no long time, however it is made', () => {
  const size = 256 * 1024;
  const began = performance.now();
  for (const unit of ['5', '51', '510510510510510', 'cvc', 'code ', 'NTEwN', '- ', '5-']) {
    scrubber.text(unit.repeat(size / unit.length));
  }
  assert.ok(performance.now() - began < 2_000);
});
