import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { byFacets } from './facets.ts';
import { usual } from './reach.ts';
import { givenList, idOf, lookAt } from './testing/given.ts';

let listed: Awaited<ReturnType<typeof givenList>>;
before(async () => {
  listed = await givenList();
  const others = Array.from({ length: 200 }, (_, second) => ({ id: idOf(second) }));
  // What is looked for is too deep in the list for the first look to meet it.
  others.splice(50, 1, { id: idOf(50), ...wanted });
  await listed.fill([...others, { id: idOf(300), state: 'voided' }]);
});
after(() => listed.end());

const wanted = { amount: 5 };
const states = ['captured' as const, 'voided' as const];

for (const statements of [1, 2, 3, 4]) {
  test(`a payment that moves after ${statements} statements of a look at its old and new state is found`, async () => {
    const { owner, web } = listed;
    await owner`UPDATE payment_rows SET state = 'captured' WHERE id = ${idOf(50)}`;
    await owner`SELECT pg_advisory_lock(1)`;
    const look = lookAt({ filter: { states, amountFrom: 5n, amountTo: 5n }, depths: { ...usual, entries: 500 } });
    const found = byFacets(web, look);
    // On one connection, this stands behind so many of the look's statements, and before the next.
    for (let n = 1; n < statements; n++) {
      await web`SELECT 1`;
      await setImmediate();
    }
    const held = web`SELECT pg_advisory_xact_lock(1)`.execute();
    while ((await owner`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`).length === 0) {
      await setTimeout(2);
    }
    await owner`UPDATE payment_rows SET state = 'voided' WHERE id = ${idOf(50)}`;
    await owner`SELECT pg_advisory_unlock(1)`;
    await held;
    assert.deepEqual((await found).ids, [idOf(50)]);
  });
}
