import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type Acquirer, authorization, freshKey, inProcess, ownProcess, visa } from './testing/acquirer.ts';

const starts = { 'inside the test': inProcess, 'as its own process': ownProcess };

/** How a request ended on the wire: its status, or the code of the socket's error. */
async function ending(answer: Promise<{ status: number }>): Promise<number | string> {
  try {
    return (await answer).status;
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException).code ?? 'unnamed';
  }
}

for (const [where, start] of Object.entries(starts)) {
  let acquirer: Acquirer;
  before(async () => {
    acquirer = await start();
  });
  afterEach(() => acquirer.release());
  after(() => acquirer.stop());

  const faults: [lever: object, ends: number | string, effects: number][] = [
    [{ fault: 'lose_before' }, 'UND_ERR_SOCKET', 0],
    [{ fault: 'lose_after' }, 'UND_ERR_SOCKET', 1],
    [{ fault: 'error' }, 500, 0],
    [{ fault: 'error', after: true }, 500, 1],
    [{ fault: 'reset' }, 'ECONNRESET', 0],
    [{ fault: 'reset', after: true }, 'ECONNRESET', 1],
  ];

  for (const [lever, ends, effects] of faults) {
    test(`${where}: ${JSON.stringify(lever)} ends in ${ends} with ${effects} effects, and a repetition with one`, async () => {
      const key = freshKey();
      const send = () => acquirer.post('/authorizations', authorization(visa, { reference: key }), key);
      await acquirer.pull({ ...lever, kind: 'authorize', times: 1 });
      assert.equal(await ending(send()), ends);
      assert.equal((await acquirer.books(`?reference=${key}`)).length, effects);
      assert.deepEqual([(await send()).status, (await acquirer.books(`?reference=${key}`)).length], [201, 1]);
    });
  }

  test(`${where}: slow answers late and normally`, async () => {
    await acquirer.pull({ fault: 'slow', milliseconds: 300, times: 1 });
    const began = performance.now();
    assert.equal((await acquirer.post('/authorizations', authorization())).status, 201);
    assert.ok(performance.now() - began >= 299);
  });
}

let acquirer: Acquirer;
before(async () => {
  acquirer = await inProcess();
});
afterEach(() => acquirer.release());
after(() => acquirer.stop());

test('a lever hits its own kind alone, every one of the six', async () => {
  const authorized = async () => (await acquirer.post('/authorizations', authorization())).body.id;
  const captured = async () =>
    (await acquirer.post(`/authorizations/${await authorized()}/captures`, { amount: 1250 })).body.id;
  const key = freshKey();
  await acquirer.post('/authorizations', authorization(), key);
  const [toCapture, toVoid, toRefund] = [await authorized(), await authorized(), await captured()];
  const asks: Record<string, () => Promise<{ status: number }>> = {
    authorize: () => acquirer.post('/authorizations', authorization()),
    capture: () => acquirer.post(`/authorizations/${toCapture}/captures`, { amount: 1 }),
    void: () => acquirer.post(`/authorizations/${toVoid}/voids`, {}),
    refund: () => acquirer.post(`/captures/${toRefund}/refunds`, { amount: 1 }),
    cancel: () => acquirer.post(`/operations/${freshKey()}/voids`, {}),
    inquire: () => acquirer.get(`/operations/${key}`),
  };
  for (const kind of Object.keys(asks)) {
    await acquirer.pull({ fault: 'error', kind, times: 1 });
    for (const [other, ask] of Object.entries(asks)) {
      if (other !== kind && other !== 'capture' && other !== 'void') assert.notEqual((await ask()).status, 500);
    }
    assert.equal((await asks[kind]?.())?.status, 500);
  }
});

test('a lever takes effect as often as it was told, on the card it was told, and counts itself', async () => {
  const { body } = await acquirer.pull({ fault: 'error', times: 2, last4: '4444' });
  const pay = (number: string) => acquirer.post('/authorizations', authorization(number));
  const statuses = [];
  for (const number of [visa, '5555555555554444', visa, '5555555555554444', '5555555555554444']) {
    statuses.push((await pay(number)).status);
  }
  assert.deepEqual(statuses, [201, 500, 201, 500, 201]);
  const levers = await (await acquirer.raw('/levers')).json();
  assert.deepEqual(levers, [{ ...body, took: 2 }]);
});

test('the card’s last digits choose captures, voids, refunds and inquiries too', async () => {
  const key = freshKey();
  const { body } = await acquirer.post('/authorizations', authorization('5555555555554444'), key);
  const captured = await acquirer.post(`/authorizations/${body.id}/captures`, { amount: 1250 });
  await acquirer.pull({ fault: 'error', last4: '4444' });
  assert.equal((await acquirer.post(`/authorizations/${body.id}/captures`, { amount: 1 })).status, 500);
  assert.equal((await acquirer.post(`/authorizations/${body.id}/voids`, {})).status, 500);
  assert.equal((await acquirer.post(`/captures/${captured.body.id}/refunds`, { amount: 1 })).status, 500);
  assert.equal((await acquirer.get(`/operations/${key}`)).status, 500);
});

test('released levers are gone', async () => {
  await acquirer.pull({ fault: 'lose_before' });
  await acquirer.release();
  assert.equal((await acquirer.post('/authorizations', authorization())).status, 201);
  assert.deepEqual(await (await acquirer.raw('/levers')).json(), []);
});

test('a lever with a misspelt field is refused: without its filter it would hit everything', async () => {
  for (const lever of [
    { fault: 'error', kinds: 'capture' },
    { fault: 'explode' },
    { fault: 'slow', milliseconds: -1 },
    { fault: 'webhook_duplicate', copies: 'many' },
    {},
  ]) {
    assert.equal((await acquirer.pull(lever)).status, 400);
  }
  assert.deepEqual(await (await acquirer.raw('/levers')).json(), []);
});

test('outside of test mode there are neither books nor levers', async (t) => {
  const live = await ownProcess({ mode: 'live' });
  t.after(() => live.stop());
  for (const [path, method] of [
    ['/books', 'GET'],
    ['/levers', 'GET'],
    ['/levers', 'POST'],
    ['/levers', 'DELETE'],
    ['/keys', 'DELETE'],
    ['/chargebacks', 'POST'],
    ['/console/refunds', 'POST'],
    ['/webhooks/replay', 'POST'],
  ] as const) {
    assert.equal((await live.raw(path, { method })).status, 403);
  }
  assert.equal((await live.post('/authorizations', authorization())).status, 201);
});
