import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type Acquirer, authorization, freshKey, ownProcess, visa } from './testing/acquirer.ts';

let acquirer: Acquirer;
before(async () => {
  acquirer = await ownProcess();
});
afterEach(() => acquirer.release());
after(() => acquirer.stop());

const pay = (key: string) => acquirer.post('/authorizations', authorization(visa, { reference: key }), key);
const effects = async (key: string) => (await acquirer.books(`?reference=${key}`)).length;
const status = async (key: string) => (await acquirer.get(`/operations/${key}`)).body.status;

async function until(told: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await told())) assert.ok(Date.now() < end, 'it never happens');
}

/** A client that goes away after so many milliseconds. */
async function leavesAfter(milliseconds: number, key: string): Promise<void> {
  const signal = AbortSignal.timeout(milliseconds);
  const body = JSON.stringify(authorization(visa, { reference: key }));
  const headers = { 'idempotency-key': key };
  await assert.rejects(acquirer.raw('/authorizations', { method: 'POST', headers, body, signal }), {
    name: 'TimeoutError',
  });
}

test('hang says nothing until its time is over, then closes; nothing was done', async () => {
  await acquirer.pull({ fault: 'hang', milliseconds: 400, times: 1 });
  const key = freshKey();
  const began = performance.now();
  await assert.rejects(pay(key));
  assert.ok(performance.now() - began >= 399);
  assert.deepEqual([await effects(key), await status(key)], [0, 'absent']);
});

test('hang after the work: a client that leaves finds it done', async () => {
  await acquirer.pull({ fault: 'hang', after: true, milliseconds: 60_000, times: 1 });
  const key = freshKey();
  await leavesAfter(300, key);
  assert.deepEqual([await effects(key), await status(key)], [1, 'approved']);
});

test('one that hangs keeps nobody else waiting', async () => {
  await acquirer.pull({ fault: 'hang', milliseconds: 60_000, times: 1, last4: '4242' });
  const hanging = leavesAfter(2_000, freshKey());
  const began = performance.now();
  assert.equal((await acquirer.post('/authorizations', authorization('5555555555554444'))).status, 201);
  assert.ok(performance.now() - began < 1_500);
  await hanging;
});

test('act later: the client is gone, the key is not known yet, and then it is done, once', async () => {
  await acquirer.pull({ fault: 'act_later', milliseconds: 600, times: 1 });
  const key = freshKey();
  await assert.rejects(pay(key));
  assert.deepEqual([await status(key), await effects(key)], ['absent', 0]);
  await until(async () => (await status(key)) === 'approved');
  assert.deepEqual([(await pay(key)).replayed, await effects(key)], [true, 1]);
});

test('act later does nothing under a key that was blocked in the meantime', async () => {
  await acquirer.pull({ fault: 'act_later', milliseconds: 400, times: 1 });
  const key = freshKey();
  await assert.rejects(pay(key));
  assert.equal((await acquirer.post(`/operations/${key}/voids`, {})).status, 201);
  await until(async () => (await status(key)) === 'refused');
  assert.equal(await effects(key), 0);
});

test('slow after the work: it is done and can be asked about before its answer is there', async () => {
  await acquirer.pull({ fault: 'slow', kind: 'authorize', after: true, milliseconds: 800, times: 1 });
  const key = freshKey();
  let answered = false;
  const answer = pay(key).finally(() => {
    answered = true;
  });
  await until(async () => (await status(key)) === 'approved');
  assert.equal(answered, false);
  assert.equal((await answer).status, 201);
});

test('a rate limit turns away with 429 and does nothing', async () => {
  await acquirer.pull({ fault: 'rate_limit', times: 1 });
  const key = freshKey();
  const body = JSON.stringify(authorization(visa, { reference: key }));
  const answer = await acquirer.raw('/authorizations', { method: 'POST', headers: { 'idempotency-key': key }, body });
  assert.deepEqual([answer.status, answer.headers.get('retry-after'), await effects(key)], [429, '1', 0]);
});

test('a wrong amount, currency or id is said; the books hold what was asked', async () => {
  for (const [fault, wrong] of [
    ['wrong_amount', { amount: 1251 }],
    ['wrong_currency', { currency: 'USD' }],
    ['wrong_id', { authorization_id: 'auth_of_somebody_else' }],
  ] as const) {
    await acquirer.pull({ fault, times: 1 });
    const key = freshKey();
    const said: object = (await pay(key)).body;
    assert.deepEqual({ ...said, ...wrong }, said);
    const [line] = await acquirer.books(`?reference=${key}`);
    assert.deepEqual([line?.amount, line?.currency], [1250, 'EUR']);
  }
});

test('broken JSON is what it says, and the work is done', async () => {
  await acquirer.pull({ fault: 'broken_json', times: 1 });
  const key = freshKey();
  await assert.rejects(pay(key), SyntaxError);
  assert.deepEqual([await effects(key), await status(key)], [1, 'approved']);
});

test('forgotten keys are as good as new: the same request again is a second effect', async () => {
  const key = freshKey();
  await pay(key);
  await acquirer.raw('/keys', { method: 'DELETE' });
  assert.equal(await status(key), 'absent');
  assert.deepEqual([(await pay(key)).replayed, await effects(key)], [false, 2]);
});
