import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { givenDifference, givenFile, givenLine } from '#server/reconciliation/questions/testing/given.ts';
import { exportRows } from './export.ts';
import { refusalIn } from './refused.ts';
import { type Console, givenConsole, origin } from './testing/console.ts';
import { takeUpload } from './upload.ts';

let desk: Console;
before(async () => {
  desk = await givenConsole();
});
after(() => desk?.end());

const told = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error) => refusalIn(error)?.code,
  );
const reason = 'Seen in the file of the day before.';

/** A difference of the merchant's, and the three people who meet about it. */
async function given() {
  const merchantId = desk.merchants.harbour;
  const id = await givenDifference(desk.owner, { merchantId, fileId: randomUUID(), line: 2 });
  const as = async (role: 'owner' | 'finance' | 'support') => desk.callAs(await desk.seatOf(role));
  return { id, owner: await as('owner'), finance: await as('finance'), support: await as('support') };
}

test('a write-off takes two people, and both are told what they may do', async () => {
  const { id, owner, finance } = await given();
  await finance.differences.propose({ id, attempt: randomUUID(), end: 'written_off', reason });
  const mine = await finance.differences.one({ id });
  const proposedAt = mine.difference.proposal?.at ?? assert.fail();
  assert.deepEqual([mine.can.own, mine.can.confirm, mine.can.withdraw, mine.can.resolve], [true, false, true, false]);
  const act = { id, attempt: randomUUID(), proposedAt };
  assert.equal(await told(finance.differences.confirm(act)), 'second_person');
  assert.equal((await owner.differences.one({ id })).can.confirm, true);
  assert.equal(await told(owner.differences.confirm({ ...act, proposedAt: new Date(0) })), 'stale');
  await owner.differences.confirm(act);
  const { difference, can } = await owner.differences.one({ id });
  assert.deepEqual([difference.end?.how, difference.end?.by], ['written_off', 'owner of harbour']);
  assert.deepEqual([can.assign, can.resolve, can.confirm, can.note], [false, false, false, true]);
});

test('a difference is given to somebody, talked about, resolved, and leaves the queue', async () => {
  const { id, finance } = await given();
  const { me, people } = await finance.differences.one({ id });
  assert.ok(people.some((one) => one.id === me));
  await finance.differences.assign({ id, attempt: randomUUID(), to: me });
  const mine = async () => (await finance.differences.page({ filter: { mine: true } })).rows.map((row) => row.id);
  assert.deepEqual(await mine(), [id]);
  for (const text of ['Asked the provider.', 'Asked the provider.'])
    await finance.differences.note({ id, attempt: randomUUID(), text });
  await finance.differences.resolve({ id, attempt: randomUUID(), reason });
  assert.deepEqual(await mine(), []);
  const { difference } = await finance.differences.one({ id });
  assert.deepEqual(
    difference.notes.map(({ text, by }) => [text, by]),
    [['Asked the provider.', 'finance of harbour']],
  );
  assert.equal(difference.end?.reason, reason);
});

test('support looks and cannot touch; work is given to nobody of another merchant', async () => {
  const { id, support, finance } = await given();
  const { can } = await support.differences.one({ id });
  assert.deepEqual(Object.values(can).some(Boolean), false);
  assert.equal(await told(support.differences.resolve({ id, attempt: randomUUID(), reason })), 'forbidden');
  const stranger = await desk.owner`SELECT id FROM staff WHERE email = 'owner@other.test'`;
  const to = String(stranger[0]?.id);
  assert.equal(await told(finance.differences.assign({ id, attempt: randomUUID(), to })), 'not_found');
});

test('an odd filter is refused in words', async () => {
  const { finance } = await given();
  const filter = { kind: 'purple' } as never;
  const error = await finance.differences.page({ filter }).catch((no) => no);
  assert.equal(error.code, 'BAD_REQUEST');
});

test('an export has every row of the list, and no formula of a stranger’s', async () => {
  const fileId = await givenFile(desk.owner, { name: 'exported.csv' });
  await givenLine(desk.owner, { fileId, line: 2, merchantId: desk.merchants.harbour, amount: 1234n });
  await desk.owner`UPDATE settlement_lines SET ref = '=HYPERLINK("x")' WHERE file_id = ${fileId}`;
  const context = desk.contextOf(await desk.seatOf('finance'));
  const asked = (query: string) => exportRows(new URL(`${origin}/admin/reconciliation/export?${query}`), context);
  const csv = await asked(`what=lines&file=${fileId}&format=csv`);
  assert.match(csv.headers.get('content-disposition') ?? '', /^attachment; filename="lines-.*\.csv"$/);
  const [heading, row] = (await csv.text()).split('\r\n');
  assert.match(heading ?? '', /^line,kind,ref,currency,amount,/);
  assert.match(row ?? '', /^2,capture,"'=HYPERLINK\(""x""\)",EUR,12\.34,0\.50,11\.84,/);
  const differences = JSON.parse(await (await asked('what=differences&state=ended&format=json')).text());
  assert.ok(differences.every((one: { ended: unknown }) => one.ended !== null));
  assert.equal((await asked(`what=lines&file=${randomUUID()}`)).status, 404);
  assert.equal((await asked('what=differences&kind=purple')).status, 400);
  const { status } = await exportRows(new URL(`${origin}/x?what=differences`), desk.contextOf(undefined));
  assert.equal(status, 401);
});

test('of several merchants nobody uploads; nobody else’s page can, and not what is no file', async () => {
  const seat = await desk.seatOf('owner');
  const upload = (headers: Record<string, string>, who: string | undefined = seat) => {
    const url = `${origin}/admin/reconciliation/upload?of=settlement&provider=alder&day=2026-11-20&name=a.csv`;
    return takeUpload(new Request(url, { method: 'POST', headers, body: 'x' }), desk.contextOf(who));
  };
  const ours = { origin, 'content-type': 'application/octet-stream' };
  assert.equal((await upload({ ...ours, origin: 'https://elsewhere.test' })).status, 403);
  assert.equal((await upload({ ...ours, 'content-type': 'text/plain' })).status, 400);
  const answer = await upload(ours);
  assert.equal(answer.status, 403);
  assert.match((await answer.json()).error.message, /several merchants/);
});
