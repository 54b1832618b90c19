import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openDatabase } from '#db/client.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import { paymentsOnDatabase } from '#server/payments/testing/room.ts';
import { makeProviders } from '#server/providers/providers.ts';
import { readProviders } from '#server/providers/settings.ts';
import { directVault } from '#server/providers/testing/direct-vault.ts';
import { startSandboxProcess } from '#server/providers/testing/sandbox-process.ts';
import { confirmEnd, proposeEnd } from './differences/end.ts';
import { takeIn } from './intake/take-in.ts';
import { work } from './matching/work.ts';
import type { Books } from './room.ts';

/** Florin on a real database, a simulated acquirer as a process of its own, and the file that it writes. */
async function stage() {
  const room = await paymentsOnDatabase();
  const sandbox = await startSandboxProcess('alder');
  const worker = openDatabase({ url: room.url('worker'), application: 'test worker' });
  const log = makeLog('test', { write: () => {} });
  const ids = uuidv7({ now: systemClock.now, random: systemRandom });
  const fees = { feeBasisPoints: 140, feeFixed: 25 };
  const limits = { capture: { deadline: 1_500 } };
  const settings = readProviders(JSON.stringify([{ name: 'alder', kind: 'sandbox', ...fees, limits }]));
  const { vault } = directVault(sandbox);
  const providers = makeProviders({ vault, clock: systemClock, random: systemRandom, log, settings });
  const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2031, fingerprint: 'fp_1' };
  const { sql, mover, caller } = room;
  const seams = { clock: systemClock, ids, log };
  const payments = makePayments({ ...seams, sql, mover, providers, vault: { describe: async () => card } });
  const booksWith = (failpoint?: Failpoint): Books => ({
    ...{ ...seams, sql: worker.sql, payments },
    transact: makeTransact(worker.sql, { failpoint }),
  });
  const books = booksWith();
  return {
    ...{ payments, sandbox, books, booksWith, owner: room.owner, caller },
    async paid(amount: bigint) {
      const { id: intentId } = await payments.create(caller, { amount, currency: 'EUR', captureMethod: 'automatic' });
      const { payment } = await payments.confirm(caller, { intentId, token: '4242424242424242' });
      return payment ?? assert.fail('a confirmed intent has a payment');
    },
    read: (paymentId: string) => payments.payment(caller, paymentId),
    captureOf: async (reference: string) =>
      (await sandbox.books(`reference=${reference}`)).find(({ kind }) => kind === 'capture')?.id ?? assert.fail('none'),
    /** The acquirer's day ends, and its file is taken in and dealt with as the worker does. */
    async settle(
      deal = async () => {
        assert.equal(await work(books, 10), 1);
      },
    ) {
      const name = await sandbox.closeDay();
      const day = (await sandbox.settlements()).find((file) => file.name === name)?.day ?? assert.fail('no day');
      const content = await sandbox.settlement(name);
      const { id } = await takeIn(books, { provider: 'alder', name, day, source: 'fetched', content });
      await deal();
      const [file] = await room.owner`SELECT status, lines, quarantined FROM settlement_files WHERE id = ${id}`;
      assert.equal(file?.status, 'posted');
      return id;
    },
    differences: (fileId: string) => room.owner<{ kind: string; cause: string; ended: string | null }[]>`
      SELECT kind, cause, ended FROM discrepancies WHERE file_id = ${fileId} ORDER BY line, kind`,
    async [Symbol.asyncDispose]() {
      await worker.close();
      await sandbox.stop();
      await room[Symbol.asyncDispose]();
    },
  };
}

let on: Awaited<ReturnType<typeof stage>>;
before(async () => {
  on = await stage();
});
after(() => on[Symbol.asyncDispose]());
beforeEach(() => on.sandbox.release());

test('a payment whose capture was done and never answered is closed by the settlement file, and is reconciled', async () => {
  await on.sandbox.pull({ fault: 'lose_after', kind: 'capture', times: 1 });
  const lost = await on.paid(10_000n);
  assert.equal((await on.read(lost.id)).state, 'capture_pending');
  const answered = await on.paid(2_500n);
  const fileId = await on.settle();
  for (const { id } of [lost, answered]) assert.equal((await on.read(id)).state, 'reconciled');
  assert.equal((await on.differences(fileId)).length, 0);
  const trail = (await on.payments.timeline(on.caller, lost.id))
    .slice(-2)
    .map(({ trigger, cause }) => [trigger, cause]);
  assert.deepEqual(trail, [
    ['capture', 'settlement'],
    ['reconcile', 'settlement'],
  ]);
  const [row] = await on.owner`SELECT reconciled FROM payments WHERE id = ${lost.id}`;
  assert.equal(row?.reconciled, 10_000n);
});

test('the same file again changes nothing', async () => {
  await on.paid(4_000n);
  const fileId = await on.settle();
  const [before] = await on.owner`SELECT day::text AS day, content FROM settlement_files WHERE id = ${fileId}`;
  assert.equal(await work(on.books, 10), 0);
  const content = Buffer.from(before?.content);
  const again = await takeIn(on.books, {
    provider: 'alder',
    name: 'other.csv',
    day: before?.day,
    source: 'fetched',
    content,
  });
  assert.deepEqual(again, { id: fileId, isNew: false });
});

test('a refund in the provider’s console and a chargeback are heard from the file, settled, and no riddle', async () => {
  const [refunded, charged] = [await on.paid(6_000n), await on.paid(7_000n)];
  const books = await on.sandbox.books();
  const captures = new Map(books.filter(({ kind }) => kind === 'capture').map((one) => [one.amount, one.id]));
  await on.sandbox.refundInConsole(captures.get(6_000) ?? '', 1_500);
  await on.sandbox.chargeback(captures.get(7_000) ?? '', 7_000);
  const fileId = await on.settle();
  assert.equal((await on.read(refunded.id)).refunded, 1_500n);
  const [row] = await on.owner`SELECT charged_back FROM payments WHERE id = ${charged.id}`;
  assert.equal(row?.charged_back, 7_000n);
  assert.deepEqual(
    (await on.differences(fileId)).map((one) => ({ ...one })),
    [{ kind: 'missing_here', cause: 'foreign_refund', ended: 'resolved' }],
  );
  const [{ waiting } = { waiting: 0 }] = await on.owner<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM settlement_lines
    WHERE file_id = ${fileId} AND kind IN ('capture', 'refund', 'chargeback') AND posted_at IS NULL`;
  assert.equal(waiting, 0);
});

test('what the file has wrong is found and left to people: nothing of it is put on record', async () => {
  const wrong = [
    'settlement_wrong_amount',
    'settlement_wrong_currency',
    'settlement_duplicate',
    'settlement_extra',
  ] as const;
  for (const fault of wrong) await on.sandbox.pull({ fault, kind: 'capture', times: 1 });
  const paid = [];
  for (const amount of [11_000n, 12_000n, 13_000n, 14_000n]) paid.push(await on.paid(amount));
  const fileId = await on.settle();
  const kinds = (await on.differences(fileId)).map(({ kind }) => kind).sort();
  assert.deepEqual(kinds, ['amount', 'currency', 'duplicate', 'missing_here']);
  const states = await Promise.all(paid.map(async ({ id }) => (await on.read(id)).state));
  assert.deepEqual(states.sort(), ['captured', 'captured', 'reconciled', 'reconciled']);
});

test('a worker that dies at every place, and is begun again, posts each payment once', async () => {
  await on.sandbox.pull({ fault: 'lose_after', kind: 'capture', times: 1 });
  const paid = [await on.paid(21_000n), await on.paid(22_000n)];
  let deaths = 0;
  await on.settle(async () => {
    for (let nth = 1; ; nth++) {
      let passed = 0;
      const dying = on.booksWith((name) => {
        passed += 1;
        // Its lease runs out in time; here it is given back, so that nobody has to wait.
        if (passed >= nth && name !== 'reconciliation.release:begin') throw new Error('killed');
      });
      await work(dying, 10).catch(() => {});
      await on.owner`UPDATE settlement_files SET leased_until = NULL`;
      const waiting = await on.owner`SELECT 1 FROM settlement_files WHERE status <> 'posted'`;
      if (waiting.length === 0) break;
      deaths += 1;
    }
  });
  assert.ok(deaths >= 20, `it died ${deaths} times`);
  for (const { id } of paid) {
    assert.equal((await on.read(id)).state, 'reconciled');
    const times = await on.owner`SELECT 1 FROM events WHERE payment_id = ${id} AND trigger = 'reconcile'`;
    assert.equal(times.length, 1);
  }
});

test('what two people have matched by hand is posted by the worker, with what is apart in a clearing account', async () => {
  await on.sandbox.pull({ fault: 'settlement_wrong_amount', kind: 'capture', times: 1 });
  const { id } = await on.paid(31_000n);
  const fileId = await on.settle();
  const [difference] = await on.owner`SELECT id, operation_id FROM discrepancies WHERE file_id = ${fileId}`;
  assert.equal((await on.read(id)).state, 'captured');
  const person = (staffId: string) =>
    ({ kind: 'staff', merchantId: on.caller.merchantId, staffId, name: staffId.slice(-4), role: 'finance' }) as const;
  const web = { ...on.books, sql: on.owner, transact: makeTransact(on.owner) };
  const reason = 'The contract says so: a hundred less in March.';
  await proposeEnd(web, person(on.books.ids()), { differenceId: difference?.id, end: 'matched', reason });
  const [{ at } = { at: new Date(0) }] = await on.owner<{ at: Date }[]>`
    SELECT proposed_at AS at FROM discrepancies WHERE id = ${difference?.id}`;
  await confirmEnd(web, person(on.books.ids()), { differenceId: difference?.id, proposedAt: at });
  await work(on.books, 10);
  assert.equal((await on.read(id)).state, 'reconciled');
  const clearing = await on.owner`
    SELECT amount FROM postings WHERE payment_id = ${id} AND 'clearing' IN (debit, credit)`;
  assert.deepEqual(
    clearing.map(({ amount }) => amount),
    [100n],
  );
});
