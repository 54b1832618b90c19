import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Acquirer, authorization, freshKey, inProcess, newFolder, ownProcess, visa } from './testing/acquirer.ts';

let acquirer: Acquirer;
before(async () => {
  acquirer = await inProcess();
});
after(() => acquirer.stop());

async function captured(amount: number, reference = freshKey()): Promise<{ id: string; reference: string }> {
  const { body } = await acquirer.post('/authorizations', authorization(visa, { amount, reference }));
  const capture = await acquirer.post(`/authorizations/${body.id}/captures`, { amount });
  return { id: capture.body.id, reference };
}

test('the books tell the whole life of a payment, with the fee of its capture', async () => {
  const { id, reference } = await captured(10_000);
  await acquirer.post(`/captures/${id}/refunds`, { amount: 2_500 });
  const books = await acquirer.books(`?reference=${reference}`);
  assert.deepEqual(
    books.map(({ kind, amount, currency, fee, last4 }) => ({ kind, amount, currency, fee, last4 })),
    [
      { kind: 'authorization', amount: 10_000, currency: 'EUR', fee: 0, last4: '4242' },
      { kind: 'capture', amount: 10_000, currency: 'EUR', fee: 165, last4: '4242' },
      { kind: 'refund', amount: 2_500, currency: 'EUR', fee: 0, last4: '4242' },
    ],
  );
  const [first] = books;
  assert.deepEqual(Object.keys(first ?? {}), [
    'at',
    'kind',
    'id',
    'key',
    'authorization',
    'amount',
    'currency',
    'fee',
    'last4',
    'reference',
  ]);
  assert.ok(books.every((line) => line.authorization === first?.id && !Number.isNaN(Date.parse(String(line.at)))));
});

test('one capture of up to what is authorised; what is left is released, and neither taken nor voided again', async () => {
  const { body } = await acquirer.post('/authorizations', authorization(visa, { amount: 1000 }));
  const capture = (amount: number) => acquirer.post(`/authorizations/${body.id}/captures`, { amount });
  const over = await capture(1001);
  assert.deepEqual([over.status, over.body.code], [422, 'amount_too_large']);
  const part = await capture(400);
  assert.deepEqual([part.status, part.body.amount, part.body.fee], [201, 400, 31]);
  assert.equal((await capture(400)).body.code, 'authorization_captured');
  assert.equal((await acquirer.post(`/authorizations/${body.id}/voids`, {})).body.code, 'authorization_captured');
});

test('a voided authorisation is neither captured nor voided again, and a declined one does not exist', async () => {
  const { body } = await acquirer.post('/authorizations', authorization());
  const post = (id: string, path: string) => acquirer.post(`/authorizations/${id}/${path}`, { amount: 1 });
  assert.equal((await post(body.id, 'voids')).status, 201);
  assert.equal((await post(body.id, 'captures')).body.code, 'authorization_voided');
  assert.equal((await post(body.id, 'voids')).body.code, 'authorization_voided');
  const declined = await acquirer.post('/authorizations', authorization('4000000000000002'));
  assert.equal((await post(declined.body.id, 'captures')).status, 404);
});

test('of twenty captures and twenty voids at once exactly one happens', async () => {
  const reference = freshKey();
  const { body } = await acquirer.post('/authorizations', authorization(visa, { reference }));
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      acquirer.post(`/authorizations/${body.id}/${at % 2 ? 'captures' : 'voids'}`, { amount: 1250 }),
    ),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.equal((await acquirer.books(`?reference=${reference}`)).length, 2);
});

test('fifty refunds at once never take back more than was captured', async () => {
  const { id, reference } = await captured(1000);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => acquirer.post(`/captures/${id}/refunds`, { amount: 60 })),
  );
  const codes = answers.map(({ status, body }) => body.code ?? status);
  assert.equal(codes.filter((code) => code === 201).length, 16);
  assert.equal(codes.filter((code) => code === 'amount_too_large').length, 34);
  const refunds = (await acquirer.books(`?reference=${reference}`)).filter(({ kind }) => kind === 'refund');
  assert.equal(
    refunds.reduce((sum, { amount }) => sum + Number(amount), 0),
    960,
  );
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`after ${signal} the next start knows the books, the answers and what is left to refund`, async () => {
    const first = await ownProcess();
    const [paidKey, declinedKey] = [freshKey(), freshKey()];
    const paid = await first.post('/authorizations', authorization(), paidKey);
    const taken = await first.post(`/authorizations/${paid.body.id}/captures`, { amount: 1000 });
    await first.post(`/captures/${taken.body.id}/refunds`, { amount: 600 });
    const declined = await first.post('/authorizations', authorization('4000000000009995'), declinedKey);
    const blocked = freshKey();
    await first.post(`/operations/${blocked}/voids`, {});
    const books = await first.books();
    assert.equal(await first.stop(signal), signal === 'SIGTERM' ? 0 : null);

    const second = await ownProcess({ folder: first.folder });
    assert.deepEqual(await second.books(), books);
    const again = await second.post('/authorizations', authorization(), paidKey);
    assert.deepEqual(again, { status: 201, replayed: true, body: paid.body });
    assert.deepEqual((await second.get(`/operations/${declinedKey}`)).body, declined.body);
    assert.equal((await second.post('/authorizations', authorization(), blocked)).status, 422);
    assert.equal((await second.post(`/authorizations/${paid.body.id}/voids`, {})).status, 422);
    assert.equal((await second.post(`/captures/${taken.body.id}/refunds`, { amount: 401 })).status, 422);
    assert.equal((await second.post(`/captures/${taken.body.id}/refunds`, { amount: 400 })).status, 201);
    await second.stop();
  });
}

test('every answer that was given is in the books of an acquirer killed under load', async () => {
  const first = await ownProcess();
  const answered: string[] = [];
  let running = true;
  const clients = Array.from({ length: 20 }, async () => {
    while (running) {
      const answer = await first.post('/authorizations', authorization()).catch(() => undefined);
      if (answer?.status === 201) answered.push(answer.body.id);
    }
  });
  while (answered.length < 300) await new Promise((turn) => setImmediate(turn));
  await first.stop('SIGKILL');
  running = false;
  await Promise.all(clients);

  const second = await ownProcess({ folder: first.folder });
  const kept = new Set((await second.books()).map(({ id }) => id));
  assert.deepEqual(
    answered.filter((id) => !kept.has(id)),
    [],
  );
  await second.stop();
});

test('a last line that was torn by a crash is dropped with a warning, and the books go on', async () => {
  const first = await inProcess({ folder: await newFolder() });
  await first.post('/authorizations', authorization());
  await first.stop();
  const journal = join(first.folder, 'journal.jsonl');
  const whole = await readFile(journal, 'utf8');
  await appendFile(journal, whole.slice(0, 150));

  const second = await inProcess({ folder: first.folder });
  assert.match(second.output(), /"level":"warn".*"bytes":150.*torn/);
  assert.equal((await second.books()).length, 1);
  await second.post('/authorizations', authorization());
  await second.stop();

  const third = await inProcess({ folder: first.folder });
  assert.equal((await third.books()).length, 2);
  assert.doesNotMatch(third.output(), /torn/);
  await third.stop();
});

test('a journal that is broken in its middle stops the start, and stays as it is', async () => {
  const folder = await newFolder();
  const journal = join(folder, 'journal.jsonl');
  await writeFile(journal, '{"key":"a"}\n{"key":\n{"key":"c"}\n');
  await assert.rejects(ownProcess({ folder }), /a line in the middle of the journal is no JSON/);
  assert.equal((await readFile(journal, 'utf8')).length, 32);
});

test('neither the journal nor the log holds a card number or a verification code', async () => {
  const first = await inProcess({ folder: await newFolder() });
  const typed = { number: '5555555555554444', exp_month: '12', exp_year: '2034', cvc: '987' };
  await first.post('/authorizations', authorization(visa, { card: typed }));
  await first.post('/authorizations', authorization(visa, { card: { ...typed, number: '5555555555554444 ' } }));
  await first.stop();
  const written = `${await readFile(join(first.folder, 'journal.jsonl'), 'utf8')}${first.output()}`;
  assert.match(written, /"last4":"4444"/);
  assert.doesNotMatch(written, /55555555|cvc|"987"/);
});
