import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSql } from '#db/client.ts';
import { makeTransact } from '#db/transaction.ts';
import { snapshot } from '#server/ledger/snapshot.ts';
import { accepted, paymentsOnDatabase, refused } from '#server/payments/testing/room.ts';
import { inputOf, lineOf } from '#server/payments/testing/settling.ts';
import { examine } from './examine.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
let folder: string;
before(async () => {
  room = await paymentsOnDatabase();
  room.script.send = (order) => ({ ...accepted(order), ...(order.kind === 'capture' && { fee: 8n }) });
  folder = mkdtempSync(join(tmpdir(), 'florin-replay-'));
  for (let n = 0; n < 20; n++) await Promise.all(kinds.map((kind) => kind(BigInt(1_000 + n))));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await room[Symbol.asyncDispose]();
});

const paid = async (amount: bigint) => room.payments.payment(room.caller, (await room.paid('automatic', amount)).id);
const read = (id: string) => room.payments.payment(room.caller, id);

async function settled(id: string, kinds: readonly ('capture' | 'refund' | 'refund_returned')[], fields = {}) {
  const payment = await read(id);
  const lines = kinds.map((kind) => lineOf(payment, kind, fields));
  const said = await room.payments.settle([inputOf(payment, lines)]);
  assert.deepEqual(new Set(said.map(({ result }) => result)), new Set(['settled']));
}

/** A payment of each kind, so far as the ledger can tell them apart. */
const kinds: ((amount: bigint) => Promise<unknown>)[] = [
  (amount) => room.paid('manual', amount),
  async (amount) => {
    const { intentId } = await room.paid('manual', amount);
    await room.payments.cancel(room.caller, { intentId });
  },
  async (amount) => {
    const { id } = await room.paid('manual', amount);
    await room.payments.capture(room.caller, { paymentId: id, amount: amount / 2n });
  },
  paid,
  async (amount) => settled((await paid(amount)).id, ['capture'], { fee: 7n }),
  async (amount) => settled((await paid(amount)).id, ['capture'], { fee: 8n }),
  async (amount) => settled((await paid(amount)).id, ['capture'], { amount: amount - 3n, within: 3n }),
  async (amount) => settled((await paid(amount)).id, ['capture'], { amount: amount + 3n, within: 3n, fee: 30n }),
  async (amount) => {
    const { id } = await paid(amount);
    await room.payments.refund(room.caller, { paymentId: id, amount: 100n });
    await settled(id, ['refund', 'capture'], { fee: 1n });
  },
  async (amount) => {
    const { id } = await paid(amount);
    await room.payments.refund(room.caller, { paymentId: id });
    await settled(id, ['capture', 'refund']);
    await comesBack(id);
    await settled(id, ['refund_returned']);
  },
  async (amount) => {
    const payment = await paid(amount);
    const captureRef = payment.operations.find(({ kind }) => kind === 'capture')?.providerRef ?? '';
    const at = { captureRef, amount: 50n, currency: 'EUR', exchange: { milliseconds: 0 } } as const;
    const say = { about: 'chargeback', chargebackRef: `cb_${payment.id}`, ...at } as const;
    await room.payments.hear({ provider: 'alder', cause: 'webhook', say });
    const foreign = { about: 'foreign_refund', refundRef: `re_${payment.id}`, ...at } as const;
    await room.payments.hear({ provider: 'alder', cause: 'settlement', say: foreign });
    await settled(payment.id, ['refund']);
  },
];

async function comesBack(id: string) {
  const key = `${lineOf(await read(id), 'refund').operationId}-1`;
  const say = { about: 'operation', key, kind: 'refund', outcome: refused } as const;
  await room.payments.hear({ provider: 'alder', cause: 'settlement', say });
}

/** The program as people run it. */
function run(...args: string[]): Promise<{ code: number; said: string }> {
  const env = { ...process.env, FLORIN_DATABASE_URL: room.url('owner') };
  return new Promise((resolve) => {
    execFile('node', ['deploy/doctor/ledger-replay.ts', ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: out + err }),
    );
  });
}

/** Changes a row as only the superuser can, looks, and changes it back. */
async function corrupted(change: string, back: string) {
  const as = (statement: string) =>
    room.owner.begin(async (tx) => {
      await tx`SET LOCAL session_replication_role = replica`;
      await tx.unsafe(statement);
    });
  await as(change);
  const found = await run();
  await as(back);
  return found;
}

test('postings and balances made from the log alone are those of the books, day snapshots included', async () => {
  const { code, said } = await run();
  assert.equal(code, 0, said);
  assert.match(said, /^Equal: \d{3,} postings of 220 payments, 8 balances\.\n$/);
  const worker = openSql(room.url('worker'), { application: 'test', max: 1 });
  room.clock.forward(86_400_000);
  assert.equal(await snapshot({ sql: worker, transact: makeTransact(worker), clock: room.clock }, 10), 1);
  await worker.end();
  assert.equal((await run()).code, 0);
});

test('a posting that was changed is named, and so is one that is missing', async () => {
  const [one] = await room.owner`SELECT * FROM postings WHERE kind = 'settlement' ORDER BY payment_id LIMIT 1`;
  const changed = await corrupted(
    `UPDATE postings SET amount = amount + 1 WHERE id = '${one?.id}'`,
    `UPDATE postings SET amount = amount - 1 WHERE id = '${one?.id}'`,
  );
  assert.equal(changed.code, 1);
  const amounts = `settlement of ${one?.amount} EUR .+ books have settlement of ${one?.amount + 1n} EUR`;
  assert.match(changed.said, new RegExp(`First difference: event ${one?.seq} of ch_\\w+: the log makes ${amounts}`));
  const moved = await corrupted(
    `UPDATE postings SET payment_id = '${room.ids()}' WHERE id = '${one?.id}'`,
    `UPDATE postings SET payment_id = '${one?.payment_id}' WHERE id = '${one?.id}'`,
  );
  assert.match(moved.said, /and the books have nothing\./);
});

test('a balance on record that is not what was posted is named', async () => {
  const found = await corrupted(
    `UPDATE ledger_snapshots SET debits = debits + 1 WHERE account = 'payouts'`,
    `UPDATE ledger_snapshots SET debits = debits - 1 WHERE account = 'payouts'`,
  );
  assert.equal(found.code, 1);
  assert.match(found.said, /First difference: the account alder EUR payouts of acct_\w+: the log makes debits of/);
});

/** What the judge finds wrong with the ledger, with the log's sums and with what holds them. */
async function judgedBy(sql: typeof room.owner): Promise<string[]> {
  const evidence = { sql, journals: new Map(), answers: [], now: room.clock.now() };
  const found: string[] = [];
  for await (const { id, breaches } of examine(evidence, {})) {
    if (/^(I4[ghi]|I5[abc]|I7[af])$/.test(id) && breaches?.length !== 0) found.push(id);
  }
  return found;
}

/** Changes postings as only the superuser can, asks, and takes it back. */
async function judgedWith(change: string): Promise<string[]> {
  const undo = new Error('undo');
  let found: string[] = [];
  await room.owner
    .begin(async (tx) => {
      await tx`SET LOCAL session_replication_role = replica`;
      await tx.unsafe(change);
      found = await judgedBy(tx as unknown as typeof room.owner);
      throw undo;
    })
    .catch((error) => assert.equal(error, undo));
  return found;
}

test('the judge, who has read the rules by himself, finds the same books right and other ones wrong', async () => {
  assert.deepEqual(await judgedBy(room.owner), []);
  const wrong = {
    "DELETE FROM postings WHERE kind = 'chargeback'": ['I5c'],
    "DELETE FROM postings WHERE kind = 'fee_reversed'": ['I5c'],
    "UPDATE postings SET amount = amount + 1 WHERE kind = 'settlement'": ['I5c'],
    "UPDATE postings SET debit = credit, credit = debit WHERE kind = 'difference'": ['I5c'],
    'ALTER TABLE postings DROP CONSTRAINT postings_within_chart': ['I4h'],
    "ALTER TABLE postings DROP CONSTRAINT postings_within_chart; UPDATE postings SET debit = 'fees' WHERE kind = 'refund'":
      ['I4h', 'I5b'],
    'UPDATE payments SET reconciled = reconciled + 1': ['I5a'],
    "UPDATE events SET operation_id = NULL WHERE trigger = 'refund_settled'": ['I7f'],
  };
  for (const [change, ids] of Object.entries(wrong)) assert.deepEqual(await judgedWith(change), ids, change);
});

test('an exported copy of the log makes the same books in an empty database', async () => {
  const file = join(folder, 'log.jsonl');
  const events = await room.owner`SELECT 1 FROM events`;
  assert.equal((await run('--export', file)).said, `${events.length} events written to ${file}.\n`);
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, events.length);
  assert.equal((await run('--from', file)).code, 0);
  const name = `empty_${new URL(room.url('owner')).pathname.slice(1)}`;
  const into = new URL(room.url('owner'));
  into.pathname = `/${name}`;
  await room.owner`CREATE DATABASE ${room.owner(name)}`;
  try {
    const made = await run('--from', file, '--into', into.toString());
    assert.equal(made.code, 0, made.said);
    const again = await run('--from', file, '--into', into.toString());
    assert.equal(again.code, 2);
    assert.match(again.said, /"?postings"? already exists/);
  } finally {
    await room.owner`DROP DATABASE ${room.owner(name)} WITH (FORCE)`;
  }
});

test('a log with a line changed or cut off makes other books, and the first difference is named', async () => {
  const file = join(folder, 'log.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const short = join(folder, 'short.jsonl');
  writeFileSync(short, lines.filter((line) => !line.includes('"trigger":"chargeback"')).join('\n'));
  const { code, said } = await run('--from', short);
  assert.equal(code, 1);
  assert.match(said, /the books have chargeback of 50 EUR from receivable to disputes/);
});

test('what is older than the log can tell is said, and the rest is compared', async () => {
  const payment = await paid(5_555n);
  const strip = `UPDATE events SET data = data - 'books' WHERE payment_id = '${payment.id}'`;
  const found = await corrupted(strip, 'SELECT 1');
  assert.equal(found.code, 0, found.said);
  assert.match(found.said, /^1 payments cannot be told from the log: .+\nEqual: /);
});

test('what nobody asked for is refused', async () => {
  assert.equal((await run('--into', 'postgres://nowhere')).code, 2);
});
