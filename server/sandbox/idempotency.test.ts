import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Acquirer, authorization, card, freshKey, inProcess, ownProcess, visa } from './testing/acquirer.ts';

const starts = { 'inside the test': inProcess, 'as its own process': ownProcess };

for (const [where, start] of Object.entries(starts)) {
  let acquirer: Acquirer;
  before(async () => {
    acquirer = await start();
  });
  after(() => acquirer.stop());

  test(`${where}: a hundred requests at once under one key have one effect and one answer`, async () => {
    const key = freshKey();
    const body = authorization(visa, { reference: 'race' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => acquirer.post('/authorizations', body, key)));
    assert.equal(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size, 1);
    assert.equal(answers.filter(({ replayed }) => !replayed).length, 1);
    const books = await acquirer.books('?reference=race');
    assert.deepEqual(
      books.map((line) => [line.kind, line.key, line.amount]),
      [['authorization', key, 1250]],
    );
  });

  test(`${where}: a key used with another request is a conflict and changes nothing`, async () => {
    const key = freshKey();
    const first = await acquirer.post('/authorizations', authorization(visa, { reference: 'conflict' }), key);
    const others: [path: string, body: object][] = [
      ['/authorizations', authorization(visa, { reference: 'conflict', amount: 1251 })],
      ['/authorizations', authorization(visa, { reference: 'conflict', currency: 'USD' })],
      ['/authorizations', authorization('5555555555554444', { reference: 'conflict' })],
      [`/authorizations/${first.body.id}/captures`, { amount: 1250 }],
      [`/authorizations/${first.body.id}/voids`, {}],
    ];
    for (const [path, body] of others) {
      const answer = await acquirer.post(path, body, key);
      assert.deepEqual([answer.status, answer.body.error?.code], [409, 'idempotency_mismatch']);
    }
    assert.equal((await acquirer.books('?reference=conflict')).length, 1);
    const again = await acquirer.post('/authorizations', authorization(visa, { reference: 'conflict' }), key);
    assert.deepEqual([again.replayed, again.body], [true, first.body]);
  });
}

let acquirer: Acquirer;
before(async () => {
  acquirer = await inProcess();
});
after(() => acquirer.stop());

test('a decline and a refusal are kept under their key, as an approval is', async () => {
  const declineKey = freshKey();
  const first = await acquirer.post('/authorizations', authorization('4000000000000002'), declineKey);
  const second = await acquirer.post('/authorizations', authorization('4000000000000002'), declineKey);
  assert.deepEqual([second.status, second.replayed, second.body], [402, true, first.body]);

  const { body } = await acquirer.post('/authorizations', authorization());
  const refusalKey = freshKey();
  const tooMuch = () => acquirer.post(`/authorizations/${body.id}/captures`, { amount: 1251 }, refusalKey);
  assert.equal((await tooMuch()).status, 422);
  assert.deepEqual((await tooMuch()).replayed, true);
  assert.equal((await acquirer.get(`/operations/${refusalKey}`)).body.status, 'refused');
});

test('a malformed request, and one about nothing, leave their key unused', async () => {
  const key = freshKey();
  assert.equal((await acquirer.post('/authorizations', authorization(visa, { amount: 0 }), key)).status, 400);
  assert.equal((await acquirer.post('/authorizations/auth_nowhere/captures', { amount: 1 }, key)).status, 404);
  assert.equal((await acquirer.get(`/operations/${key}`)).status, 404);
  assert.equal((await acquirer.post('/authorizations', authorization(), key)).status, 201);
});

test('the verification code is no part of a request’s identity, since nothing of it may be kept', async () => {
  const key = freshKey();
  const first = await acquirer.post('/authorizations', authorization(), key);
  const second = await acquirer.post('/authorizations', authorization(visa, { card: card(visa, {}) }), key);
  assert.deepEqual([second.status, second.body], [201, first.body]);
});

test('an inquiry gives the answer that was given', async () => {
  const key = freshKey();
  const { body } = await acquirer.post('/authorizations', authorization(), key);
  assert.deepEqual(await acquirer.get(`/operations/${key}`), { status: 200, replayed: false, body });
  assert.equal((await acquirer.get(`/operations/${freshKey()}`)).body.status, 'absent');
});

test('a void by key comes too late for what was done, and leaves it; what was declined stays declined', async () => {
  const [done, declined] = [freshKey(), freshKey()];
  const { body } = await acquirer.post('/authorizations', authorization(), done);
  const voided = await acquirer.post(`/operations/${done}/voids`, {});
  assert.deepEqual([voided.status, voided.body.code], [422, 'operation_done']);
  assert.equal((await acquirer.post(`/authorizations/${body.id}/captures`, { amount: 1 })).status, 201);
  await acquirer.post('/authorizations', authorization('4000000000000002'), declined);
  assert.equal((await acquirer.post(`/operations/${declined}/voids`, {})).status, 201);
  assert.equal((await acquirer.get(`/operations/${declined}`)).body.status, 'declined');
});

test('a tombstone stops a capture and a refund as it stops an authorisation', async () => {
  const [capture, refund] = [freshKey(), freshKey()];
  for (const key of [capture, refund]) await acquirer.post(`/operations/${key}/voids`, {});
  const { body } = await acquirer.post('/authorizations', authorization(visa, { reference: 'blocked' }));
  const take = (key: string) => acquirer.post(`/authorizations/${body.id}/captures`, { amount: 1250 }, key);
  assert.equal((await take(capture)).body.code, 'operation_voided');
  const { id } = (await take(freshKey())).body;
  assert.equal((await acquirer.post(`/captures/${id}/refunds`, { amount: 1 }, refund)).body.code, 'operation_voided');
  assert.equal((await acquirer.books('?reference=blocked')).length, 2);
});

test('alder leaves a tombstone that stops a request still under way; birch leaves none and says so', async () => {
  const late = freshKey();
  assert.equal((await acquirer.post(`/operations/${late}/voids`, {})).status, 201);
  const arrived = await acquirer.post('/authorizations', authorization(visa, { reference: 'late' }), late);
  assert.deepEqual([arrived.status, arrived.body.code], [422, 'operation_voided']);
  assert.deepEqual(await acquirer.books('?reference=late'), []);

  const birch = await inProcess({ name: 'birch' });
  assert.equal((await birch.post(`/operations/${late}/voids`, {})).status, 404);
  assert.equal((await birch.post('/authorizations', authorization(), late)).status, 201);
  await birch.stop();
});

test('birch shows an operation to inquiries only after its lag', async (t) => {
  const birch = await inProcess({ name: 'birch' });
  t.after(() => birch.stop());
  const key = freshKey();
  await birch.post('/authorizations', authorization(), key);
  assert.equal((await birch.get(`/operations/${key}`)).status, 404);
  const end = Date.now() + 10_000;
  while ((await birch.get(`/operations/${key}`)).status === 404) assert.ok(Date.now() < end, 'it is never seen');
  const [line] = await birch.books();
  assert.ok(Date.now() - Date.parse(String(line?.at)) >= 500);
});
