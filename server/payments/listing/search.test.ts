import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '#server/auth/caller.ts';
import { list, type Page } from '../list.ts';
import { usual } from './reach.ts';
import { givenList, idOf, merchantId } from './testing/given.ts';

const many = 60;
const caller: Caller = { kind: 'workload', merchantId, name: 'test' };
const depths = { ...usual, few: many - 1 };

let listed: Awaited<ReturnType<typeof givenList>>;
before(async () => {
  listed = await givenList();
  // Ids of a provider that counts: many end alike.
  const backwards = (second: number) => `000000${[...String(second)].reverse().join('')}_tset`;
  await listed.fill(
    Array.from({ length: many }, (_, second) => ({
      id: idOf(second),
      reference: `order-1${String(second).padStart(3, '0')}`,
      backwards: backwards(second),
    })),
  );
});
after(() => listed.end());

const ask = (page: Partial<Page>) => list(listed.web, caller, { limit: 100, ...page }, depths);
const idsOf = ({ rows }: Awaited<ReturnType<typeof list>>) => rows.map(({ id }) => id);
const newestFirst = Array.from({ length: many }, (_, n) => idOf(many - 1 - n));

test('an end that more ids have than are looked at is left out, and the page says so', async () => {
  const found = await ask({ filter: { search: '000000' } });
  assert.deepEqual([idsOf(found), found.endsLeftOut], [[], true]);
  const more = await ask({ filter: { search: '7000000' } });
  assert.deepEqual([idsOf(more), more.endsLeftOut], [[57, 47, 37, 27, 17, 7].map(idOf), false]);
});

test('what is left out of ids is found in references all the same', async () => {
  const id = idOf(many);
  await listed.fill([{ id, reference: 'HG-000000-7' }]);
  const found = await ask({ filter: { search: '000000' } });
  assert.deepEqual([idsOf(found), found.endsLeftOut], [[id], true]);
});

test('a search goes on as it began: a whole reference that appears meanwhile is another search', async () => {
  const search = 'order-1';
  const first = await ask({ filter: { search }, limit: 20 });
  assert.deepEqual([idsOf(first), first.searchedAs], [newestFirst.slice(0, 20), 'part']);
  const id = idOf(many + 1);
  await listed.fill([{ id, reference: search }]);
  const { next, searchedAs } = first;
  assert.ok(next && searchedAs);
  assert.deepEqual(idsOf(await ask({ filter: { search }, after: next, searchedAs })), newestFirst.slice(20));
  const anew = await ask({ filter: { search } });
  assert.deepEqual([idsOf(anew), anew.searchedAs], [[id], 'whole']);
});
