import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Console, givenConsole, origin } from './testing/console.ts';
import { largestUpload, takeUpload } from './upload.ts';

let desk: Console;
before(async () => {
  desk = await givenConsole();
  // What is nobody's is an only merchant's.
  await desk.owner`DELETE FROM staff WHERE merchant_id = ${desk.merchants.other}`;
  await desk.owner`DELETE FROM merchants WHERE id = ${desk.merchants.other}`;
});
after(() => desk?.end());

const heading = 'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id\n';

async function upload(body: BodyInit, query: Record<string, string> = {}, role: 'finance' | 'support' = 'finance') {
  const told = { of: 'settlement', provider: 'alder', day: '2026-11-20', name: 'one.csv', ...query };
  const url = `${origin}/admin/reconciliation/upload?${new URLSearchParams(told)}`;
  const headers = { origin, 'content-type': 'application/octet-stream' };
  const context = desk.contextOf(await desk.seatOf(role));
  const answer = await takeUpload(new Request(url, { method: 'POST', headers, body }), context);
  return { status: answer.status, ...(await answer.json()) };
}

test('a file is taken in once, and led to; its own page shows it', async () => {
  const first = await upload(heading);
  assert.deepEqual([first.status, first.isNew], [201, true]);
  assert.equal(first.path, `/admin/reconciliation/files/${first.id}`);
  const again = await upload(heading, { name: 'again.csv' });
  assert.deepEqual([again.status, again.id, again.isNew], [200, first.id, false]);
  const call = desk.callAs(await desk.seatOf('finance'));
  const file = await call.reconciliation.file({ id: first.id });
  assert.deepEqual([file.name, file.status, file.source], ['one.csv', 'stored', 'uploaded']);
  assert.equal((await call.reconciliation.overview()).can.upload, true);
});

test('what is no report, too long, empty or of no day is refused in words, with the request’s id', async () => {
  const odd = [
    [await upload('name,price\nbell,12\n'), 400],
    [await upload(new Uint8Array(largestUpload + 1)), 413],
    [await upload('', { name: 'empty.csv' }), 400],
    [await upload(heading, { day: 'yesterday' }), 400],
    [await upload(heading, { provider: 'nobody' }), 400],
    [await upload(heading, {}, 'support'), 403],
  ] as const;
  for (const [answer, status] of odd) {
    assert.equal(answer.status, status);
    assert.match(answer.error.request, /^req_/);
    assert.match(answer.error.message, /\.$/);
  }
});
