import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '#server/kernel/refusal.ts';
import { parseForm, parseJson } from './form.ts';

/** Hashes without prototypes, as plain objects, to compare them. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
const no = (text: string, message: RegExp, parse = parseForm) =>
  assert.throws(
    () => parse(text),
    (error) => error instanceof Refusal && error.code === 'invalid_input' && message.test(error.message),
  );

test('reads what the official client sends: literal brackets, indexes, %20', () => {
  assert.deepEqual(plain(parseForm('amount=1250&metadata[order%20id]=A%26B&expand[0]=latest_charge')), {
    amount: '1250',
    metadata: { 'order id': 'A&B' },
    expand: { 0: 'latest_charge' },
  });
});

test('reads what other clients send: encoded brackets, [], +', () => {
  assert.deepEqual(plain(parseForm('metadata%5Border_id%5D=a+b&expand[]=x&expand[]=y')), {
    metadata: { order_id: 'a b' },
    expand: ['x', 'y'],
  });
});

test('starts a new element of a list of hashes where a name repeats', () => {
  const text = [
    'items[][price_data][currency]=eur',
    'items[][price_data][unit_amount]=5',
    'items[][quantity]=1',
    'items[][price_data][currency]=usd',
    'items[][tags][]=a',
    'items[][tags][]=b',
  ].join('&');
  assert.deepEqual(plain(parseForm(text)), {
    items: [
      { price_data: { currency: 'eur', unit_amount: '5' }, quantity: '1' },
      { price_data: { currency: 'usd' }, tags: ['a', 'b'] },
    ],
  });
});

test('reads empty texts, names without a value, and stray ampersands', () => {
  assert.deepEqual(plain(parseForm('&metadata=&description&a=b=c&')), { metadata: '', description: '', a: 'b=c' });
  assert.deepEqual(plain(parseForm('')), {});
});

test('refuses a name sent twice', () => no('amount=1&amount=2', /twice/));

test('refuses a name that is both a value and a hash, in either order', () => {
  no('a=1&a[b]=2', /both/);
  no('a[b]=2&a=1', /both/);
  no('a[]=2&a=1', /both/);
});

test('refuses a list that is written in two ways', () => {
  no('a[]=1&a[0]=2', /\[\] alone/);
  no('a[x]=1&a[]=2', /\[\] alone/);
  no('a[][b]=1&a[c]=2', /\[\] alone/);
});

test('refuses the names that lead to prototypes, wherever they stand', () => {
  for (const name of ['__proto__[x]', 'a[__proto__]', 'constructor', 'a[b][prototype][c]', 'a%5B__proto__%5D[x]']) {
    no(`${name}=1`, /not allowed/);
  }
  no('{"a":{"__proto__":{"x":1}}}', /not allowed/, parseJson);
  assert.equal(({} as Record<string, unknown>).x, undefined);
});

test('refuses malformed names and percent signs', () => {
  for (const name of ['=1', '[a]=1', 'a[b=1', 'a]b=1', 'a[b]c=1', 'a[[b]]=1']) no(name, /name/);
  no('a=%', /%/);
  no('a=%ff', /%/);
});

test('refuses text that PostgreSQL cannot store', () => {
  no('a=%00', /NUL/);
  no('a%00=1', /NUL/);
  no('{"a":"\\u0000"}', /NUL/, parseJson);
  no('{"a":"\\ud800"}', /Unicode/, parseJson);
});

test('refuses too much, too deep and too long', () => {
  no(Array.from({ length: 1001 }, (_, i) => `a${i}=1`).join('&'), /up to 1000 parameters/);
  no('a[b][c][d][e][f][g]=1', /levels deep/);
  no(`${'a'.repeat(201)}=1`, /200 characters/);
  no(`{"a":${'['.repeat(20)}1${']'.repeat(20)}}`, /levels deep/, parseJson);
  no(JSON.stringify({ a: Array(1001).fill(1) }), /up to 1000 parameters/, parseJson);
  parseForm('line_items[0][price_data][product_data][images][0]=x');
});

test('reads JSON into the same shape as a form', () => {
  const text = '{"amount":1250,"confirm":true,"description":null,"items":[{"quantity":1}],"metadata":{"a":"b"}}';
  assert.deepEqual(plain(parseJson(text)), {
    amount: '1250',
    confirm: 'true',
    description: '',
    items: [{ quantity: '1' }],
    metadata: { a: 'b' },
  });
  assert.deepEqual(plain(parseJson('')), {});
});

test('refuses JSON that is broken or no object', () => {
  no('{"a":', /not valid JSON/, parseJson);
  for (const text of ['[]', '1', 'null', '"a"']) no(text, /JSON object/, parseJson);
});
