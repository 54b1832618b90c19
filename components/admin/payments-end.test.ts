import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingOf, leftOut } from './payments-end.ts';

const searchedTo = new Date('2026-11-21T11:16:05Z');
const asked = { filters: {}, after: undefined, older: undefined, searchedTo: null, endsLeftOut: false };
const search = { ...asked, filters: { q: 'ada' } };
const further = { href: '/admin/payments?q=ada&after=ch_2.part', label: 'Search further' };
const newest = { href: '/admin/payments?q=ada', label: 'Newest' };

test('an empty first page says that nothing matches, or that nobody paid yet', () => {
  assert.equal(endingOf(asked).title, 'No payments yet');
  const { title, says, ways } = endingOf(search);
  assert.equal(title, 'No payment matches');
  assert.match(says, /last six characters/);
  assert.deepEqual(ways, [{ href: '/admin/payments', label: 'Clear filters' }]);
});

test('an empty page after others says that there is nothing further, and leads back to the newest', () => {
  const { title, ways } = endingOf({ ...search, after: 'ch_1.part' });
  assert.deepEqual([title, ways], ['No further matches', [newest]]);
  const unfiltered = endingOf({ ...asked, after: 'ch_1' });
  assert.deepEqual(
    [unfiltered.title, unfiltered.ways],
    ['No further payments', [{ href: '/admin/payments', label: 'Newest' }]],
  );
});

test('an empty page that stopped before the end says how far it got, and leads on and back', () => {
  const first = endingOf({ ...search, searchedTo, older: further.href });
  assert.deepEqual([first.title, first.ways], ['No match so far', [further]]);
  assert.match(first.says, /Searched back to 21 Nov 2026, 11:16:05 UTC\./);
  const later = endingOf({ ...search, after: 'ch_1.part', searchedTo, older: further.href });
  assert.deepEqual([later.title, later.ways], ['No further match so far', [further, newest]]);
});

test('ids that were left out are told on every page that they may be missing from', () => {
  const says = /type more of the id/;
  assert.match(leftOut({ searchedTo: null, endsLeftOut: true }), says);
  assert.match(leftOut({ searchedTo, endsLeftOut: true }), /^Searched back to .* UTC\. .* type more of the id\.$/);
  assert.equal(leftOut({ searchedTo: null, endsLeftOut: false }), '');
  const none = endingOf({ ...search, endsLeftOut: true });
  assert.equal(none.title, 'Too many ids end like this');
  for (const { says: said } of [
    none,
    endingOf({ ...search, endsLeftOut: true, after: 'ch_1.part' }),
    endingOf({ ...search, endsLeftOut: true, searchedTo, older: further.href }),
  ]) {
    assert.match(said, says);
  }
});
