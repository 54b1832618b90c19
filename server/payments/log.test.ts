import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import type { Failpoint, FailpointName } from '#db/failpoints.ts';
import { makeTransact, type Transact } from '#db/transaction.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Consumer } from '#server/events/consumer.ts';
import { catchUp, settled } from '#server/events/testing/catch-up.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { makeCommit } from './core/commit.ts';
import { decideCapture } from './core/decide.ts';
import {
  answered,
  because,
  birth,
  given,
  ids,
  type Mover,
  moverOnDatabase,
  operation,
  yes,
} from './core/testing/given.ts';

let mover: Mover;
let worker: RawSql;
let stopAt: Failpoint | undefined;
before(async () => {
  mover = await moverOnDatabase((name) => stopAt?.(name));
  worker = openSql(mover.database.url('worker'), { application: 'test worker', max: 4 });
});
after(async () => {
  await worker.end();
  await mover[Symbol.asyncDispose]();
});

function listener(name: string) {
  const heard: string[] = [];
  const consumer: Consumer = {
    name,
    async effect(_, events) {
      for (const { paymentId, seq } of events) heard.push(`${paymentId} ${seq}`);
    },
  };
  return { heard, consumer };
}

/** Stops the next commit that comes to `place`, until it is let go. */
function hold(place: FailpointName) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    stopAt = async (name) => {
      if (name !== place) return;
      stopAt = undefined;
      resolve();
      await released;
    };
  });
  return { reached, release };
}

test('a commit that began first and ends last is heard of, and nothing after it was heard before', async () => {
  const bus = makeBus({ sql: worker, transact: makeTransact(worker), clock: systemClock });
  const { heard, consumer } = listener('gap');
  const [slow, quick] = [await given(mover.commit, 'authorized'), await given(mover.commit, 'authorized')];
  await catchUp(bus, consumer);
  heard.length = 0;
  const held = hold('payments.commit:before');
  const first = mover.commit(decideCapture(slow, operation('capture', 100n), because));
  await held.reached;
  await mover.commit(decideCapture(quick, operation('capture', 100n), because));
  assert.equal(await bus.run(consumer, 100), 0);
  held.release();
  await first;
  await settled(mover.sql);
  assert.equal(await bus.run(consumer, 100), 2);
  assert.deepEqual(heard, [`${slow.id} ${slow.version + 1}`, `${quick.id} ${quick.version + 1}`]);
});

/** Commits an answer in a transaction that had begun before what it builds on was committed. */
async function answerAfter(prepare: (tx: RawSql) => Promise<unknown>) {
  const payment = await given(mover.commit, 'authorized');
  const capture = decideCapture(payment, operation('capture', payment.authorized), because);
  const owner = openSql(mover.database.url('owner'), { application: 'test owner', max: 1 });
  const transact: Transact = (_, fn) =>
    owner.begin(async (tx) => {
      await prepare(tx as unknown as RawSql);
      await mover.commit(capture);
      return fn(tx as unknown as RawSql);
    }) as never;
  const late = makeCommit({ transact, clock: systemClock, ids });
  return late(answered(capture.after, yes(payment.authorized, 'cap_1'))).finally(() => owner.end());
}

test("a batch that is not its transaction's first write is refused where it would be read before what it builds on", async () => {
  const written = answerAfter((tx) => tx`SELECT pg_current_xact_id()`);
  await assert.rejects(written, (error) => error instanceof Refusal && error.code === 'stale');
  const unwritten = await answerAfter((tx) => tx`SELECT 1`);
  assert.equal(unwritten.state, 'captured');
});

test('births are read before what follows them, also when fifty payments begin at once', async () => {
  const bus = makeBus({ sql: worker, transact: makeTransact(worker), clock: systemClock });
  const { heard, consumer } = listener('births');
  await Promise.all(Array.from({ length: 50 }, () => mover.commit(birth())));
  await catchUp(bus, consumer, 7);
  const seen = new Map<string, number>();
  for (const line of heard) {
    const [id = '', seq = ''] = line.split(' ');
    assert.equal(Number(seq), (seen.get(id) ?? 0) + 1, line);
    seen.set(id, Number(seq));
  }
});
