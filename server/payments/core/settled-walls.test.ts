import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawSql } from '#db/client.ts';
import { openSql } from '#db/client.ts';
import { given, ids, type Mover, moverOnDatabase } from './testing/given.ts';

// What the database itself refuses about settlements and what takes postings back, asked under the mover's own role.

let mover: Mover;
let owner: RawSql;
before(async () => {
  mover = await moverOnDatabase();
  owner = openSql(mover.database.url('owner'), { application: 'test', max: 1 });
});
after(async () => {
  await owner.end();
  await mover[Symbol.asyncDispose]();
});

/** Tries something; the name of what refused it, or undefined where it went through. */
async function refusal(attempt: PromiseLike<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return (error as { constraint_name?: string }).constraint_name ?? String(error);
  }
}

interface Step {
  from: string;
  trigger: string;
  to: string;
  /** What the event says was settled; minor units. */
  amount: number | null;
}

/** One step of a payment by hand, with what it makes of the payment's row. */
async function moved(id: string, { from, trigger, to, amount }: Step, fields: Record<string, unknown>) {
  const [row] = await owner`SELECT version, merchant_id FROM payments WHERE id = ${id}`;
  const seq = row?.version + 1;
  return refusal(mover.mover`
    WITH e AS (
      INSERT INTO events (payment_id, seq, id, merchant_id, from_state, trigger, to_state, cause, actor_kind, amount, data, at)
      VALUES (${id}, ${seq}, ${ids()}, ${row?.merchant_id}, ${from}, ${trigger}, ${to}, 'test', 'test', ${amount}, '{}', ${new Date()}))
    UPDATE payments SET ${mover.mover({ state: to, version: seq, ...fields })} WHERE id = ${id}`);
}

const reconcile = { from: 'captured', trigger: 'reconcile', to: 'reconciled', amount: 9_000 };
const noted = { from: 'reconciled', trigger: 'operation_opened', to: 'reconciled', amount: null };

test('what was settled is written once, and as the event says that tells of it', async () => {
  const { id } = await given(mover.commit, 'captured');
  assert.equal(await moved(id, reconcile, { reconciled: 9_001 }), 'payments_settled_once');
  assert.equal(await moved(id, { ...reconcile, amount: null }, { reconciled: 9_000 }), 'payments_settled_once');
  assert.equal(await moved(id, reconcile, {}), 'payments_state_has_amounts');
  assert.equal(await moved(id, { ...reconcile, to: 'captured' }, { reconciled: 9_000 }), 'payments_state_has_amounts');
  assert.equal(await moved(id, reconcile, { reconciled: 9_000 }), undefined);
  assert.equal(await moved(id, noted, { reconciled: 9_001 }), 'payments_settled_once');
  assert.equal(await moved(id, noted, { reconciled: null }), 'payments_state_has_amounts');
  assert.equal(
    await moved(id, { ...noted, trigger: 'reconcile', amount: 8_000 }, { reconciled: 8_000 }),
    'events_legal',
  );
  assert.equal(await moved(id, noted, {}), undefined);
});

test('a refunded payment keeps what was settled of it', async () => {
  const { id } = await given(mover.commit, 'captured');
  const refund = { from: 'captured', trigger: 'refund_all', to: 'refunded', amount: 10_000 };
  assert.equal(await moved(id, refund, { refunded: 10_000 }), undefined);
  const settled = { from: 'refunded', trigger: 'settled', to: 'refunded', amount: 10_000 };
  assert.equal(await moved(id, settled, { reconciled: 10_000 }), undefined);
  assert.equal(await moved(id, settled, { reconciled: null }), 'payments_settled_once');
  assert.equal(await moved(id, { ...settled, amount: 11_000 }, { reconciled: 11_000 }), 'payments_settled_once');
});

test('no payment begins with a settled amount', async () => {
  const { id } = await given(mover.commit, 'authorized');
  const [row] = await owner`SELECT * FROM payments WHERE id = ${id}`;
  const born = {
    ...row,
    id: ids(),
    attempt: 2,
    live: false,
    state: 'failed',
    authorized: 0,
    reconciled: 1,
    untried: '[]',
  };
  assert.equal(await refusal(mover.mover`INSERT INTO payments ${mover.mover(born)}`), 'payments_state_has_amounts');
});

test('a posting takes back what was posted of its payment, all of it, and once', async () => {
  const { id } = await given(mover.commit, 'captured');
  await given(mover.commit, 'captured');
  const [capture] = await owner`SELECT * FROM postings WHERE payment_id = ${id} AND kind = 'capture'`;
  const [other] = await owner`SELECT id FROM postings WHERE payment_id <> ${id} AND kind = 'capture' LIMIT 1`;
  const post = (fields: Record<string, unknown>) => {
    const posting = { ...capture, id: ids(), ...fields };
    return refusal(mover.mover`INSERT INTO postings ${mover.mover(posting)}`);
  };
  const refund = { id: ids(), kind: 'refund', debit: 'merchant_payable', credit: 'receivable' };
  assert.equal(await post(refund), undefined);
  const back = { kind: 'refund_undone', reverses: refund.id };
  assert.equal(await post({ ...back, amount: 99 }), 'postings_reverse');
  assert.equal(await post({ ...back, reverses: ids() }), 'postings_reverse');
  assert.equal(await post({ ...back, reverses: other?.id }), 'postings_reverse');
  assert.equal(await post({ ...refund, id: ids(), reverses: refund.id }), 'postings_reverse');
  assert.equal(await post(back), undefined);
  assert.equal(await post(back), 'postings_reversed_once');
  assert.equal(await post({ kind: 'settlement', debit: 'fees', credit: 'receivable' }), 'postings_within_chart');
});
