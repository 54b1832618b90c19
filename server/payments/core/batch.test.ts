import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openDatabase } from '#db/client.ts';
import { makeTransact, type Transact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Change } from './change.ts';
import { makeCommit } from './commit.ts';
import { decideCapture, decideVoid } from './decide.ts';
import type { Payment } from './payment.ts';
import {
  answered,
  because,
  birth,
  claimOf,
  confirming,
  given,
  ids,
  type Mover,
  moverOnDatabase,
  newIntent,
  no,
  operation,
  refunding,
  silence,
  unborn,
  yes,
} from './testing/given.ts';

let mover: Mover;
const labels: string[] = [];
const shared = ids();
before(async () => {
  mover = await moverOnDatabase((name) => void labels.push(name));
});
after(() => mover[Symbol.asyncDispose]());

const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : String(error));

/** Whatever a bug in `decide` could make of a change; each breaks one wall of the database. */
interface Breach {
  wall: string;
  from: 'authorized' | 'captured';
  prepare?: (payment: Payment) => Promise<Payment>;
  change: (payment: Payment) => Change;
  code: string;
}

const opening = (payment: Payment, kind: 'void' | 'capture', fields = {}) =>
  openingOf(
    decideVoid({ ...payment, state: 'authorized', operations: [] }, { ...operation(kind, 100n), ...fields }, because),
    payment,
  );

function openingOf(change: Change, payment: Payment): Change {
  for (const step of change.steps) Object.assign(step, { from: payment.state, to: payment.state });
  change.after = { ...payment, version: payment.version + 1 };
  return change;
}

const capturing = (payment: Payment) => decideCapture(payment, operation('capture', 100n), because);
const refund = (payment: Payment) => refunding(payment, 100n);

// biome-ignore format: one breach per line
const breaches: Breach[] = [
  { wall: 'events_legal', from: 'authorized', code: 'illegal_move', change: (p) => { const c = capturing(p); Object.assign(c.steps[0] ?? {}, { trigger: 'capture' }); return c; } },
  { wall: 'events_one_path', from: 'authorized', code: 'stale', change: (p) => { const c = capturing(p); Object.assign(c.steps[0] ?? {}, { from: 'capture_pending', trigger: 'operation_opened' }); return c; } },
  { wall: 'payments_have_their_event', from: 'authorized', code: 'illegal_move', change: (p) => { const c = capturing(p); c.after = { ...c.after, state: 'authorized' }; return c; } },
  { wall: 'operations_one_unclosed', from: 'authorized', code: 'operation_unclosed', prepare: (p) => mover.commit(decideVoid(p, operation('void', 100n), because)), change: (p) => opening(p, 'void') },
  { wall: 'operations_one_capture', from: 'captured', code: 'illegal_move', change: (p) => opening(p, 'capture', { status: 'accepted', closedAt: new Date() }) },
  { wall: 'operations_amount', from: 'captured', code: 'amount_invalid', change: (p) => openingOf(decideVoid({ ...p, state: 'authorized', operations: [] }, operation('refund', 0n), because), p) },
  { wall: 'payments_authorized_at_most_amount', from: 'authorized', code: 'amount_too_large', change: (p) => capturing(p).set({ authorized: p.amount + 1n }) },
  { wall: 'payments_captured_at_most_authorized', from: 'captured', code: 'amount_too_large', change: (p) => refund(p).set({ captured: p.authorized + 1n }) },
  { wall: 'payments_refunds_at_most_captured', from: 'captured', code: 'amount_too_large', change: (p) => refund(p).set({ refundReserved: p.captured + 1n }) },
  { wall: 'payments_refunds_at_most_reconciled', from: 'captured', code: 'amount_too_large', change: (p) => refund(p).set({ reconciled: 50n }) },
  { wall: 'payments_charged_back_at_most_captured', from: 'captured', code: 'amount_too_large', change: (p) => refund(p).set({ chargedBack: p.captured + 1n }) },
  { wall: 'payments_not_negative', from: 'captured', code: 'amount_invalid', change: (p) => refund(p).set({ stray: -1n }) },
  { wall: 'payments_state_has_amounts', from: 'captured', code: 'illegal_move', change: (p) => refund(p).set({ captured: 0n, refundReserved: 0n }) },
  { wall: 'payments_risk_before_money', from: 'authorized', code: 'illegal_move', change: (p) => capturing(p).set({ verdictId: null }) },
  { wall: 'payments_verdict', from: 'authorized', code: 'illegal_move', change: (p) => capturing(p).set({ verdictId: ids() }) },
  { wall: 'postings_amount', from: 'captured', code: 'amount_invalid', change: (p) => refund(p).post([{ kind: 'fee', debit: 'fees', credit: 'receivable', amount: 0n }]) },
  { wall: 'postings_two_accounts', from: 'captured', code: 'amount_invalid', change: (p) => refund(p).post([{ kind: 'fee', debit: 'fees', credit: 'fees', amount: 1n }]) },
  { wall: 'idempotency_keys_key', from: 'captured', code: 'invalid_input', change: (p) => refund(p).claimed(claimOf(p.merchantId, 'k'.repeat(256)), { kind: 'refund', id: ids() }) },
];

for (const { wall, from, prepare, change, code } of breaches) {
  test(`a batch in which one change breaks ${wall}: it is refused as ${code}, the 49 others are committed`, async () => {
    const payments = await Promise.all(Array.from({ length: 49 }, () => given(mover.commit, 'captured')));
    let culprit = await given(mover.commit, from);
    if (prepare) culprit = await prepare(culprit);
    const events = async () => (await mover.sql`SELECT seq FROM events WHERE payment_id = ${culprit.id}`).length;
    const was = await events();
    const claimed = payments.map((p) =>
      refund(p).claimed(claimOf(p.merchantId, `key ${p.id}`), { kind: 'refund', id: ids() }),
    );
    labels.length = 0;
    const all = [...claimed.slice(0, 25), change(culprit), ...claimed.slice(25)];
    const results = await Promise.allSettled(all.map((one) => mover.commit(one)));
    const refused = results.flatMap((r) => (r.status === 'rejected' ? [codeOf(r.reason)] : []));
    assert.deepEqual(refused, [code]);
    assert.equal(results[25]?.status, 'rejected');
    // The first transaction held all fifty: the halving began with it.
    assert.equal(labels[0], 'payments.commit:begin');
    assert.ok(labels.filter((label) => label === 'payments.commit:begin').length > 3);
    assert.equal(await events(), was);
    const [keys] = await mover.sql`
      SELECT count(*)::int AS n FROM idempotency_keys WHERE key IN ${mover.sql(payments.map((p) => `key ${p.id}`))}`;
    assert.equal(keys?.n, 49);
  });
}

test('an intent with a live payment bears no second one, in a batch whose neighbours go through', async () => {
  const intent = newIntent();
  await mover.commit(birth(intent));
  const again = { ...intent, attempts: 1 };
  const results = await Promise.allSettled(
    [confirming(unborn(again), again), ...Array.from({ length: 49 }, () => birth())].map((one) => mover.commit(one)),
  );
  assert.deepEqual(
    results.flatMap((r, n) => (r.status === 'rejected' ? [[n, codeOf(r.reason)]] : [])),
    [[0, 'stale']],
  );
});

test('10,000 overlapping batches of three processes: no deadlock, and books that add up', {
  timeout: 240_000,
}, async (t) => {
  const seed = Number(process.env.FLORIN_TEST_SEED ?? randomInt(2 ** 31));
  t.diagnostic(`FLORIN_TEST_SEED=${seed}: the same choices again, though processes meet as they please`);
  const roll = dice(seed);
  const pools = [1, 2, 3].map(() => openDatabase({ url: mover.database.url('web'), application: 'overlap' }));
  let batches = 0;
  // With nobody at the failpoints: as in production, where a batch is one statement and no BEGIN.
  const commits = pools.map((pool) => {
    const bare = makeTransact(pool.mover);
    const transact: Transact = async (...given) => {
      batches += 1;
      return bare(...given);
    };
    return makeCommit({ transact, clock: systemClock, ids });
  });
  const intents = Array.from({ length: 150 }, () => newIntent({ amount: 99_000_000n }));
  // What each process last knew of a payment; the others move it behind its back.
  const known = await Promise.all(intents.map((intent) => given(mover.commit, 'captured', intent)));
  const errors = new Map<string, number>();
  const work = async (worker: number) => {
    const commit = commits[worker % commits.length] ?? mover.commit;
    while (batches < 10_000) {
      const n = Math.floor(roll() * known.length);
      const payment = known[n] ?? unborn(newIntent());
      try {
        known[n] = await commit(anything(payment, roll()));
      } catch (error) {
        errors.set(codeOf(error), (errors.get(codeOf(error)) ?? 0) + 1);
        known[n] = (await mover.load.payment(payment.merchantId, payment.id)).payment;
      }
    }
  };
  await Promise.all(Array.from({ length: 24 }, (_, worker) => work(worker)));
  await Promise.all(pools.map((pool) => pool.close()));
  const [row] = await mover.sql`SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()`;
  assert.equal(row?.n, 0);
  assert.ok((errors.get('stale') ?? 0) > 100, 'the processes did meet');
  assert.deepEqual(
    [...errors.keys()].filter((code) => code !== 'stale' && code !== 'idempotency_in_flight'),
    [],
  );
  for (const { id, merchantId } of known) {
    const { payment } = await mover.load.payment(merchantId, id);
    const accepted = payment.operations.filter(({ kind, status }) => kind === 'refund' && status === 'accepted');
    assert.equal(payment.refunded, BigInt(accepted.length));
  }
});

/** Numbers in [0, 1) that follow from the seed: Tommy Ettinger's Mulberry32. */
function dice(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A refund under a key that others use too, or some answer to one that is open. */
function anything(payment: Payment, chance: number): Change {
  const open = payment.operations.some(({ status }) => status === 'open');
  if (open) return answered(payment, chance < 0.4 ? no : chance < 0.8 ? yes(1n) : silence);
  const key = claimOf(shared, `k${Math.floor(chance * 100_000)}`);
  return refunding(payment, 1n).claimed(key, { kind: 'refund', id: ids() });
}
