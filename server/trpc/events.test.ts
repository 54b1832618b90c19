import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeTransact } from '#db/transaction.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Bus, Consumer } from '#server/events/consumer.ts';
import { catchUp } from '#server/events/testing/catch-up.ts';
import { refusalIn } from './refused.ts';
import { type Console, givenConsole } from './testing/console.ts';

let desk: Console;
let bus: Bus;
let ahead = 0;
before(async () => {
  desk = await givenConsole();
  const clock = { ...desk.rooms.clock, now: () => new Date(desk.rooms.clock.now().getTime() + ahead) };
  bus = makeBus({ sql: desk.owner, transact: makeTransact(desk.owner), clock });
});
after(() => desk?.end());

const code = (error: unknown) => refusalIn(error)?.code;

/** Cannot deal with anything until it is cured. */
let cured = false;
const sick: Consumer = {
  name: 'hourly figures',
  async effect() {
    if (!cured) throw new Error('no figures today');
  },
};

test('what a consumer gave up on is listed with its error, and tried again by who may', async () => {
  const payment = await desk.payment('harbour');
  await desk.payment('other');
  for (let n = 0; n < 6; n++) {
    await catchUp(bus, sick);
    ahead += 60_000;
  }
  const support = desk.callAs(await desk.seatOf('support'));
  const owner = desk.callAs(await desk.seatOf('owner'));
  const { standings, parked, can } = await support.events.page();
  assert.equal(can.retry, false);
  assert.ok(standings.find(({ name }) => name === 'hourly figures')?.parked);
  assert.ok(parked.every((one) => one.payment === payment));
  const given = parked.filter(({ why }) => why === 'failed');
  assert.deepEqual(
    given.map(({ seq, tries, error }) => [seq, tries, error]),
    [[1, 5, 'no figures today']],
  );
  const asked = { consumer: 'hourly figures', id: given[0]?.id ?? assert.fail() };
  assert.equal(await support.events.retry(asked).catch(code), 'forbidden');
  const stranger = desk.callAs(await desk.seatOf('owner', 'other'));
  assert.equal(await stranger.events.retry(asked).catch(code), 'not_found');
  cured = true;
  await owner.events.retry(asked);
  while ((await bus.run(sick, 100)) > 0);
  assert.deepEqual((await owner.events.page()).parked, []);
});
