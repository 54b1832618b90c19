import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import type { Caller, Role } from '#server/auth/caller.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { makeReconciliationPages, type ReconciliationPages } from './pages.ts';
import { givenDifference, givenFile, givenLine } from './testing/given.ts';
import type { Page } from './view.ts';

const ids = uuidv7({ now: clock.now, random });
const today = new Date('2026-11-21T12:00:00Z');
const daysAgo = (days: number) => new Date(today.getTime() - days * 86_400_000);

/** A database with merchants in it, and what the console asks, as the web process's own role. */
async function given(names: string[]) {
  const world = await made(names);
  worlds.push(world);
  return world;
}

async function made(names: string[]) {
  const database = await testDatabase();
  const owner = openDatabase({ url: database.url('owner'), application: 'test' });
  const web = openDatabase({ url: database.url('web'), application: 'test' });
  const merchants = names.map((name) => ({ id: ids(), name, currency: 'EUR' as const }));
  for (const merchant of merchants) await addMerchant(owner.db, { clock }, merchant);
  const pages = makeReconciliationPages({ sql: web.sql, clock: { ...clock, now: () => today } });
  return {
    pages,
    owner: owner.sql,
    staff: merchants.map(({ id }) => staff(id)),
    async end() {
      await Promise.all([owner.close(), web.close()]);
      await database.drop();
    },
  };
}

function staff(merchantId: string, role: Role = 'finance'): Caller & { kind: 'staff' } {
  return { kind: 'staff', merchantId, staffId: ids(), name: 'Ada', role };
}

type World = Awaited<ReturnType<typeof made>>;
const worlds: World[] = [];
let alone: World;
let shared: World;

before(async () => {
  alone = await given(['harbour']);
  shared = await given(['harbour', 'other']);
});
after(() => Promise.all(worlds.map((world) => world.end())));

function person(world: World, which = 0): Caller & { kind: 'staff' } {
  return world.staff[which] ?? assert.fail();
}

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error) => (error instanceof Refusal ? error.code : error),
  );

async function walked<Row, Key>(ask: (after: Key | undefined) => Promise<Page<Row, Key>>): Promise<Row[]> {
  const all: Row[] = [];
  let after: Key | undefined;
  for (let turns = 0; turns < 20; turns++) {
    const { rows, next } = await ask(after);
    all.push(...rows);
    if (next === null) return all;
    after = next;
  }
  return assert.fail('the pages have no end');
}

test('an only merchant sees whole files, with what is nobody’s', async () => {
  const { pages, owner } = alone;
  const me = person(alone);
  const quarantined = [{ line: 4, raw: 'half a li', reason: 'Column amount is missing.' }];
  const fileId = await givenFile(owner, {
    run: { lines: 3, matched: 2, differences: { missing_here: 1 } },
    quarantined,
  });
  const operationId = ids();
  await givenLine(owner, { fileId, line: 2, merchantId: me.merchantId, operationId });
  await givenLine(owner, { fileId, line: 3 });
  const id = await givenDifference(owner, { kind: 'missing_here', fileId, line: 3, ours: null });
  const file = await pages.file(me, fileId);
  assert.deepEqual(file.counts, { lines: 3, quarantined: 1, matching: { toMatch: 4, matched: 2 } });
  assert.deepEqual([file.differences, file.open], [{ missing_here: 1 }, 1]);
  assert.deepEqual(file.totals, [{ currency: 'EUR', theirs: 9000n, ours: 10_000n, matched: 8000n }]);
  assert.deepEqual((await pages.quarantined(me, { fileId, limit: 10 })).rows, quarantined);
  const unmatched = await pages.lines(me, { fileId, show: 'unmatched', limit: 10 });
  assert.deepEqual(
    unmatched.rows.map(({ line, differences }) => [line, differences]),
    [[3, ['missing_here']]],
  );
  const line = await pages.line(me, { fileId, line: 3 });
  assert.deepEqual([line.raw, line.found], ['raw 3', [{ id, kind: 'missing_here', ended: null }]]);
  const difference = await pages.difference(me, id);
  assert.deepEqual([difference.settled?.raw, difference.ours, difference.theirs], ['raw 3', null, 3900n]);
});

test('of two merchants each sees its own lines and differences, and nobody what is nobody’s', async () => {
  const { pages, owner } = shared;
  const [mine, theirs] = [person(shared, 0), person(shared, 1)];
  const quarantined = [{ line: 5, raw: 'x', reason: 'No amount.' }];
  const fileId = await givenFile(owner, { run: { lines: 3, matched: 2, differences: { amount: 2 } }, quarantined });
  await givenLine(owner, { fileId, line: 2, merchantId: mine.merchantId, operationId: ids() });
  await givenLine(owner, { fileId, line: 3, merchantId: theirs.merchantId, operationId: ids() });
  await givenLine(owner, { fileId, line: 4 });
  const found = [
    await givenDifference(owner, { fileId, line: 2, merchantId: mine.merchantId }),
    await givenDifference(owner, { fileId, line: 3, merchantId: theirs.merchantId }),
    await givenDifference(owner, { kind: 'missing_here', fileId, line: 4 }),
  ];
  const { rows } = await pages.lines(mine, { fileId, show: 'all', limit: 10 });
  assert.deepEqual(
    rows.map(({ line }) => line),
    [2],
  );
  const queue = await pages.differences(mine, { filter: { state: 'open' }, limit: 10 });
  assert.deepEqual(
    queue.rows.map(({ id }) => id),
    [found[0]],
  );
  assert.equal((await pages.open(mine))[0]?.count, 1);
  assert.deepEqual((await pages.quarantined(mine, { fileId, limit: 10 })).rows, []);
  const file = await pages.file(mine, fileId);
  assert.deepEqual([file.counts, file.differences, file.totals, file.open], [null, {}, [], 1]);
  assert.deepEqual(
    (await pages.days(mine, 3)).filter(({ matching }) => matching !== null),
    [],
  );
  for (const id of [found[1], found[2], ids()]) assert.equal(await code(pages.difference(mine, id ?? '')), 'not_found');
  for (const line of [3, 4]) assert.equal(await code(pages.line(mine, { fileId, line })), 'not_found');
  assert.equal(await code(pages.difference(theirs, found[1] ?? '')), 'answered');
});

test('every page of the queue has what the one before it had not, the oldest first', async () => {
  const { pages, owner, staff: people } = await given(['queue']);
  const me = people[0] ?? assert.fail();
  const made: string[] = [];
  for (const age of [9, 9, 9, 3, 2, 1, 1])
    made.push(await givenDifference(owner, { merchantId: me.merchantId, openedAt: daysAgo(age) }));
  const ended = await givenDifference(owner, { merchantId: me.merchantId, endedAt: today });
  const queue = (state: 'open' | 'ended') =>
    walked((after: string | undefined) =>
      pages.differences(me, { filter: { state }, limit: 2, ...(after && { after }) }),
    );
  assert.deepEqual(
    (await queue('open')).map(({ id }) => id),
    made,
  );
  assert.deepEqual(
    (await queue('ended')).map(({ id }) => id),
    [ended],
  );
});

test('filters leave what fits them all', async () => {
  const { pages, owner } = alone;
  const me = person(alone);
  const fileId = await givenFile(owner);
  const assignedTo = { id: me.staffId, name: 'Ada' };
  const fits = await givenDifference(owner, { kind: 'fee', fileId, line: 7, assignedTo });
  await givenDifference(owner, { kind: 'fee', fileId, line: 8 });
  await givenDifference(owner, { kind: 'late', fileId, line: 9, assignedTo });
  const filter = { state: 'open', kind: 'fee', provider: 'alder', assignedTo: me.staffId, fileId } as const;
  const found = async (change: object) =>
    (await pages.differences(me, { filter: { ...filter, ...change }, limit: 9 })).rows.map(({ id }) => id);
  assert.deepEqual(await found({}), [fits]);
  assert.equal((await found({ assignedTo: undefined })).length, 2);
  for (const other of [{ provider: 'birch' }, { state: 'ended' }, { state: 'waiting' }, { fileId: ids() }])
    assert.deepEqual(await found(other), []);
});

test('the plots know what was matched each day, and what was open when it ended', async () => {
  const { pages, owner, staff: people } = await given(['days']);
  const me = people[0] ?? assert.fail();
  await givenFile(owner, {
    day: '2026-11-20',
    run: { lines: 11, matched: 9, differences: { duplicate: 1, amount: 5 } },
  });
  await givenFile(owner, { day: '2026-11-20', run: { lines: 10, matched: 10 } });
  const open = { merchantId: me.merchantId };
  await givenDifference(owner, { ...open, openedAt: daysAgo(40) });
  await givenDifference(owner, { ...open, openedAt: daysAgo(2), endedAt: daysAgo(1) });
  await givenDifference(owner, { ...open, openedAt: daysAgo(2) });
  await givenDifference(owner, { ...open, openedAt: daysAgo(1) });
  assert.deepEqual(await pages.days(me, 4), [
    { day: '2026-11-18', matching: null, open: 1 },
    { day: '2026-11-19', matching: null, open: 3 },
    { day: '2026-11-20', matching: { toMatch: 20, matched: 19 }, open: 3 },
    { day: '2026-11-21', matching: null, open: 3 },
  ]);
});

test('every file and line is on one page, whatever a page holds', async () => {
  const { pages, owner, staff: people } = await given(['files']);
  const me = people[0] ?? assert.fail();
  const files: string[] = [];
  for (let n = 0; n < 5; n++) files.unshift(await givenFile(owner, { provider: n === 0 ? 'birch' : 'alder' }));
  const listed = await walked((after: string | undefined) => pages.files(me, { limit: 2, ...(after && { after }) }));
  assert.deepEqual(
    listed.map(({ id }) => id),
    files,
  );
  assert.equal((await pages.files(me, { provider: 'birch', limit: 9 })).rows.length, 1);
  const fileId = files[0] ?? assert.fail();
  for (const line of [2, 3, 4, 5, 6]) await givenLine(owner, { fileId, line });
  const lines = await walked((after: number | undefined) =>
    pages.lines(me, { fileId, show: 'all', limit: 2, ...(after && { after }) }),
  );
  assert.deepEqual(
    lines.map(({ line }) => line),
    [2, 3, 4, 5, 6],
  );
});

test('who may not look at operations sees nothing of it', async () => {
  const shopper: Caller = { kind: 'shopper', merchantId: person(alone).merchantId, sessionId: ids() };
  const questions: ((pages: ReconciliationPages) => Promise<unknown>)[] = [
    (pages) => pages.files(shopper, { limit: 1 }),
    (pages) => pages.differences(shopper, { filter: { state: 'open' }, limit: 1 }),
    (pages) => pages.days(shopper, 1),
  ];
  for (const question of questions) assert.equal(await code(question(alone.pages)), 'forbidden');
});
