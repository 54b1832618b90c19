import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawSql } from '#db/client.ts';
import { openSql } from '#db/client.ts';
import { legalSteps, type PaymentState, states } from './machine.ts';
import { given, ids, type Mover, moverOnDatabase } from './testing/given.ts';

// What the database itself refuses, asked with raw SQL under the application's own roles.

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

const legal = new Set(legalSteps().map(({ from, trigger, to }) => `${from} ${trigger} ${to}`));
const everyTrigger = [...new Set(legalSteps().map(({ trigger }) => trigger))];

/** Amounts that fit a state, so that only the step itself can be wrong. */
function amountsOf(state: PaymentState) {
  const held = ['authorized', 'capture_pending', 'voided'].includes(state);
  const taken = ['captured', 'reconciled', 'refunded'].includes(state);
  return {
    authorized: held || taken ? 100 : 0,
    captured: taken ? 100 : 0,
    refunded: state === 'refunded' ? 100 : 0,
    reconciled: state === 'reconciled' ? 100 : null,
    live: state !== 'failed' && state !== 'voided',
  };
}

interface Standing {
  id: string;
  merchantId: string;
  version: number;
}

/** A payment that stands in `state`, put there past the guards by the superuser, by some legal last step. */
async function standing(state: PaymentState): Promise<Standing> {
  const { id, merchantId } = await given(mover.commit, 'captured');
  const last = legalSteps().find(({ from, to }) => from !== null && to === state);
  const version = last ? 2 : 1;
  await owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`DELETE FROM events WHERE payment_id = ${id} AND seq > ${version}`;
    const { from, trigger } = last ?? { from: null, trigger: 'create' };
    await tx`UPDATE events SET ${tx({ from_state: from, trigger, to_state: state })} WHERE payment_id = ${id} AND seq = ${version}`;
    await tx`UPDATE payments SET ${tx({ state, version, ...amountsOf(state) })} WHERE id = ${id}`;
  });
  return { id, merchantId, version };
}

const step = (
  tx: RawSql,
  payment: { id: string; merchantId: string },
  e: { seq: number; from: string | null; trigger: string; to: string },
) => tx`
  INSERT INTO events (payment_id, seq, id, merchant_id, from_state, trigger, to_state, cause, actor_kind, data, at)
  VALUES (${payment.id}, ${e.seq}, ${ids()}, ${payment.merchantId}, ${e.from}, ${e.trigger}, ${e.to}, 'test', 'test', '{}', ${new Date()})`;

/** Tries something and undoes it; the name of what refused it, or undefined. */
async function refusal(sql: RawSql, attempt: (tx: RawSql) => Promise<unknown>): Promise<string | undefined> {
  const undo = new Error('undo');
  try {
    await sql.begin(async (tx) => {
      await attempt(tx as unknown as RawSql);
      throw undo;
    });
  } catch (error) {
    if (error === undo) return undefined;
    const { constraint_name, code } = error as { constraint_name?: string; code?: string };
    return constraint_name ?? code ?? String(error);
  }
}

for (const from of states) {
  test(`from ${from} the database takes every legal step and refuses all others`, async () => {
    const payment = await standing(from);
    for (const trigger of everyTrigger) {
      for (const to of states) {
        const version = payment.version + 1;
        const refused = await refusal(
          mover.mover,
          (tx) => tx`
          WITH e AS (${step(tx, payment, { seq: version, from, trigger, to })})
          UPDATE payments SET ${tx({ state: to, version, ...amountsOf(to) })} WHERE id = ${payment.id}`,
        );
        assert.equal(
          refused,
          legal.has(`${from} ${trigger} ${to}`) ? undefined : 'events_legal',
          `${from} ${trigger} ${to}`,
        );
      }
    }
  });
}

test('a payment begins with its birth and with nothing else', async () => {
  const { id, merchantId } = await standing('initiated');
  for (const trigger of everyTrigger) {
    const refused = await refusal(mover.mover, (tx) =>
      step(tx, { id, merchantId }, { seq: 3, from: null, trigger, to: 'initiated' }),
    );
    assert.equal(refused, 'events_legal', trigger);
  }
});

test('an event ahead of its payment is refused', async () => {
  const payment = await standing('authorized');
  const ahead = { seq: 3, from: 'authorized', trigger: 'begin_capture', to: 'capture_pending' };
  assert.equal(await refusal(mover.mover, (tx) => step(tx, payment, ahead)), 'events_one_path');
});

test('an event that does not follow its predecessor is refused', async () => {
  const payment = await standing('authorized');
  const refused = await refusal(
    mover.mover,
    (tx) => tx`
    WITH e AS (${step(tx, payment, { seq: 3, from: 'captured', trigger: 'refund_all', to: 'refunded' })})
    UPDATE payments SET ${tx({ state: 'refunded', version: 3, ...amountsOf('refunded') })} WHERE id = ${payment.id}`,
  );
  assert.equal(refused, 'events_one_path');
});

test('an event that leaves a gap, belongs to no payment or to a foreign merchant is refused', async () => {
  const payment = await standing('authorized');
  const fact = { from: 'authorized', trigger: 'operation_opened', to: 'authorized' };
  const moved = (tx: RawSql, version: number) => tx`UPDATE payments SET ${tx({ version })} WHERE id = ${payment.id}`;
  const gap = await refusal(
    mover.mover,
    (tx) => tx`WITH e AS (${step(tx, payment, { seq: 4, ...fact })}) ${moved(tx, 4)}`,
  );
  assert.equal(gap, 'events_one_path');
  const nobody = await refusal(mover.mover, (tx) => step(tx, { ...payment, id: ids() }, { seq: 3, ...fact }));
  assert.equal(nobody, 'events_one_path');
  const foreign = await refusal(
    mover.mover,
    (tx) => tx`
    WITH e AS (${step(tx, { ...payment, merchantId: ids() }, { seq: 3, ...fact })}) ${moved(tx, 3)}`,
  );
  assert.equal(foreign, 'events_one_path');
});

test('a payment ahead of its log, or changed without an event, is refused', async () => {
  const payment = await standing('authorized');
  const set = (fields: Record<string, unknown>) =>
    refusal(mover.mover, (tx) => tx`UPDATE payments SET ${tx(fields)} WHERE id = ${payment.id}`);
  assert.equal(await set({ state: 'capture_pending' }), 'payments_have_their_event');
  assert.equal(await set({ version: 3 }), 'payments_have_their_event');
  assert.equal(await set({ authorized: 50 }), 'payments_have_their_event');
  assert.equal(await set({ version: 1 }), 'payments_have_their_event');
});

test('no role of the application changes or deletes an event or a posting, and neither does the owner by a slip', async () => {
  const { id } = await given(mover.commit, 'captured');
  for (const sql of [mover.mover, mover.sql]) {
    for (const table of ['events', 'postings']) {
      assert.equal(
        await refusal(sql, (tx) => tx`UPDATE ${tx(table)} SET amount = 1 WHERE payment_id = ${id}`),
        '42501',
      );
      assert.equal(await refusal(sql, (tx) => tx`DELETE FROM ${tx(table)} WHERE payment_id = ${id}`), '42501');
    }
  }
  assert.equal(await refusal(owner, (tx) => tx`UPDATE events SET cause = 'x' WHERE payment_id = ${id}`), 'append_only');
  assert.equal(await refusal(owner, (tx) => tx`DELETE FROM postings WHERE payment_id = ${id}`), 'append_only');
});

test('outside the mover a process writes no money, and the mover rewrites no identity', async () => {
  const { id } = await given(mover.commit, 'captured');
  assert.equal(await refusal(mover.sql, (tx) => tx`UPDATE payments SET version = 9 WHERE id = ${id}`), '42501');
  assert.equal(await refusal(mover.mover, (tx) => tx`UPDATE payments SET amount = 1 WHERE id = ${id}`), '42501');
  assert.equal(
    await refusal(mover.mover, (tx) => tx`UPDATE payments SET merchant_id = ${ids()} WHERE id = ${id}`),
    '42501',
  );
  assert.equal(await refusal(mover.mover, (tx) => tx`DELETE FROM payments WHERE id = ${id}`), '42501');
});

test('a posting that moves nothing, or from an account to itself, is refused', async () => {
  const { id, merchantId } = await given(mover.commit, 'captured');
  const posting = {
    id: ids(),
    payment_id: id,
    merchant_id: merchantId,
    seq: 1,
    kind: 'fee',
    currency: 'EUR',
    provider: 'alder',
    at: new Date(),
  };
  const insert = (fields: Record<string, unknown>) =>
    refusal(mover.mover, (tx) => tx`INSERT INTO postings ${tx({ ...posting, ...fields })}`);
  assert.equal(await insert({ debit: 'fees', credit: 'receivable', amount: 0 }), 'postings_amount');
  assert.equal(await insert({ debit: 'fees', credit: 'fees', amount: 5 }), 'postings_two_accounts');
  assert.equal(await insert({ debit: 'fees', credit: 'receivable', amount: 5 }), undefined);
});

test('live is what the state says', async () => {
  const payment = await standing('authorized');
  const refused = await refusal(
    mover.mover,
    (tx) => tx`
    WITH e AS (${step(tx, payment, { seq: 3, from: 'authorized', trigger: 'void', to: 'voided' })})
    UPDATE payments SET ${tx({ state: 'voided', version: 3, live: true })} WHERE id = ${payment.id}`,
  );
  assert.equal(refused, 'payments_live');
});
