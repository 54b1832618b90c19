import { openDatabase } from '#db/client.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { makeBus } from '../bus.ts';
import { scribe } from './log.ts';

// A worker that stops for ever at the failpoint it is told, and says so: for a test to kill it there.
const [url = '', consumer = '', at = ''] = process.argv.slice(2);
const { sql } = openDatabase({ url, application: 'test victim' });
const failpoint: Failpoint = async (name) => {
  if (name !== at) return;
  process.stdout.write('reached\n');
  await new Promise(() => setInterval(() => {}, 1_000));
};
const transact = makeTransact(sql, { failpoint });
await makeBus({ sql, transact, clock: systemClock }).run(scribe(consumer), 100);
