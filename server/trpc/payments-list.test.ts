import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Console, givenConsole } from './testing/console.ts';

const rowsPerPage = 50;

let desk: Console;
let call: ReturnType<Console['callAs']>;
before(async () => {
  desk = await givenConsole();
  call = desk.callAs(await desk.seatOf('owner'));
});
after(() => desk?.end());

async function order(reference: string): Promise<void> {
  const caller = { kind: 'workload', merchantId: desk.merchants.harbour, name: 'test' } as const;
  await desk.rooms.payments.create(caller, { amount: 4000n, currency: 'EUR', reference });
}

test('the next page of a search is asked for by what the page before told, and is of the same search', async () => {
  for (let n = 0; n <= rowsPerPage; n++) await order(`order-1${n}`);
  await desk.listed();
  const filter = { q: 'order-1' };
  const first = await call.payments.page({ filter });
  assert.equal(first.rows.length, rowsPerPage);
  assert.match(String(first.next), /^ch_\w{22}\.part$/);
  await order('order-1');
  await desk.listed();
  const second = await call.payments.page({ filter, after: String(first.next) });
  assert.deepEqual([second.rows.map(({ reference }) => reference), second.next], [['order-10'], null]);
  assert.deepEqual(
    (await call.payments.page({ filter })).rows.map(({ reference }) => reference),
    ['order-1'],
  );
});

test('a page without a search goes by an id alone, and a beginning that nobody told is bad input', async () => {
  const first = await call.payments.page({ filter: {} });
  assert.match(String(first.next), /^ch_\w{22}$/);
  for (const after of ['ch_1.part', `${first.next}.most`, '', '.part']) {
    await assert.rejects(call.payments.page({ filter: {}, after }), { code: 'BAD_REQUEST' }, after);
  }
});
