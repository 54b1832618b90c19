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
async function standing(state: PaymentState, more: Record<string, unknown> = {}): Promise<Standing> {
  const { id, merchantId } = await given(mover.commit, 'captured');
  const last = legalSteps().find(({ from, to }) => from !== null && to === state);
  const version = last ? 2 : 1;
  await owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`DELETE FROM events WHERE payment_id = ${id} AND seq > ${version}`;
    const { from, trigger } = last ?? { from: null, trigger: 'create' };
    await tx`UPDATE events SET ${tx({ from_state: from, trigger, to_state: state })} WHERE payment_id = ${id} AND seq = ${version}`;
    await tx`UPDATE payments SET ${tx({ state, version, ...amountsOf(state), ...more })} WHERE id = ${id}`;
  });
  return { id, merchantId, version };
}

const step = (
  tx: RawSql,
  payment: { id: string; merchantId: string },
  e: { seq: number; from: string | null; trigger: string; to: string },
) => tx`
  INSERT INTO events (payment_id, seq, id, merchant_id, from_state, trigger, to_state, cause, actor_kind, amount, data, at)
  VALUES (${payment.id}, ${e.seq}, ${ids()}, ${payment.merchantId}, ${e.from}, ${e.trigger}, ${e.to}, 'test', 'test', 100, '{}', ${new Date()})`;

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
    const unsettled = await standing(from);
    const settled = from === 'refunded' ? await standing(from, { reconciled: 100 }) : unsettled;
    for (const trigger of everyTrigger) {
      const payment = trigger === 'undo_settled_refund' ? settled : unsettled;
      for (const to of states) {
        const isLegal = legal.has(`${from} ${trigger} ${to}`);
        // What is on record as settled stays there.
        const kept = isLegal && (from === 'reconciled' || payment !== unsettled) ? { reconciled: 100 } : {};
        const version = payment.version + 1;
        const refused = await refusal(
          mover.mover,
          (tx) => tx`
          WITH e AS (${step(tx, payment, { seq: version, from, trigger, to })})
          UPDATE payments SET ${tx({ state: to, version, ...amountsOf(to), ...kept })} WHERE id = ${payment.id}`,
        );
        assert.equal(refused, isLegal ? undefined : 'events_legal', `${from} ${trigger} ${to}`);
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
  for (const table of ['events', 'postings', 'risk_verdicts']) {
    assert.equal(await refusal(mover.mover, (tx) => tx`TRUNCATE ${tx(table)}`), '42501');
    assert.equal(await refusal(owner, (tx) => tx`TRUNCATE ${tx(table)} CASCADE`), 'append_only');
  }
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
  assert.equal(await insert({ debit: 'fees', credit: 'receivable', amount: 5, kind: 'gift' }), 'postings_within_chart');
  assert.equal(await insert({ debit: 'fees', credit: 'pocket', amount: 5 }), 'postings_within_chart');
  assert.equal(await insert({ debit: 'pocket', credit: 'fees', amount: 5 }), 'postings_within_chart');
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

/**
 * Appends the payment's next event, from its state to `to`, and sets these fields with it, all under the mover's role.
 */
function moved(payment: Standing, { from, trigger, to = from }: Edge, fields: Record<string, unknown>) {
  const version = payment.version + 1;
  return (tx: RawSql) => tx`
    WITH e AS (${step(tx, payment, { seq: version, from, trigger, to })})
    UPDATE payments SET ${tx({ version, ...fields })} WHERE id = ${payment.id}`;
}

interface Edge {
  from: PaymentState;
  trigger: string;
  to?: PaymentState;
}

const noted = {
  authorized: 'operation_opened',
  captured: 'chargeback',
  reconciled: 'chargeback',
  refunded: 'chargeback',
};

// biome-ignore format: one breach per line
const amounts: [wall: string, state: keyof typeof noted, fields: Record<string, unknown>][] = [
  ['payments_authorized_at_most_amount', 'authorized', { authorized: 10_001 }],
  ['payments_captured_at_most_authorized', 'captured', { captured: 101 }],
  ['payments_refunds_at_most_captured', 'captured', { refund_reserved: 101 }],
  ['payments_refunds_at_most_captured', 'captured', { refunded: 60, refund_reserved: 41 }],
  ['payments_refunds_at_most_reconciled', 'reconciled', { reconciled: 50, refund_reserved: 51 }],
  ['payments_refunds_at_most_reconciled', 'reconciled', { reconciled: 50, refunded: 51 }],
  ['payments_charged_back_at_most_captured', 'captured', { charged_back: 101 }],
  ['payments_not_negative', 'captured', { refunded: -1 }],
  ['payments_not_negative', 'captured', { refund_reserved: -1 }],
  ['payments_not_negative', 'captured', { charged_back: -1 }],
  ['payments_not_negative', 'captured', { stray: -1 }],
  ['payments_not_negative', 'captured', { reconciled: -1 }],
  ['payments_not_negative', 'authorized', { authorized: -1, captured: -1, charged_back: -1, refunded: -1 }],
  ['payments_state_has_amounts', 'authorized', { authorized: 0 }],
  ['payments_state_has_amounts', 'authorized', { captured: 1 }],
  ['payments_state_has_amounts', 'captured', { captured: 0 }],
  ['payments_state_has_amounts', 'captured', { refunded: 100 }],
  ['payments_state_has_amounts', 'refunded', { refunded: 99 }],
  ['payments_state_has_amounts', 'reconciled', { reconciled: null }],
  ['payments_risk_before_money', 'authorized', { verdict_id: null }],
  ['payments_version', 'authorized', { version: 0 }],
  ['payments_state', 'authorized', { state: 'lost', live: false }],
];

test('each amount that does not fit is refused by its own wall, and what fits is not', async () => {
  for (const [wall, from, fields] of amounts) {
    const payment = await standing(from);
    const edge = { from, trigger: noted[from] };
    assert.equal(await refusal(mover.mover, moved(payment, edge, fields)), wall, JSON.stringify(fields));
    assert.equal(await refusal(mover.mover, moved(payment, edge, {})), undefined, from);
  }
});

test('money before its authorization is refused', async () => {
  const payment = await standing('risk_checked');
  const fact = { from: 'risk_checked', trigger: 'operation_opened' } as const;
  const refused = await refusal(mover.mover, moved(payment, fact, { authorized: 1 }));
  assert.equal(refused, 'payments_state_has_amounts');
});

/** Another payment with another one's row, but for these fields, and with events that lead to its state. */
function born(like: Standing, fields: Record<string, unknown>) {
  return async (tx: RawSql) => {
    const [row] = await tx`SELECT * FROM payments WHERE id = ${like.id}`;
    const payment = { ...like, id: ids() };
    const dead = fields.state === 'failed';
    const made = {
      ...row,
      ...amountsOf(dead ? 'failed' : 'initiated'),
      verdict_id: null,
      state: 'initiated',
      ...fields,
    };
    const end = step(tx, payment, { seq: 2, from: 'initiated', trigger: 'expire', to: 'failed' });
    await tx`
      WITH a AS (${step(tx, payment, { seq: 1, from: null, trigger: 'create', to: 'initiated' })}),
      b AS (${dead ? end : tx`SELECT 1`})
      INSERT INTO payments ${tx({ ...made, id: payment.id, version: dead ? 2 : 1 })}`;
  };
}

test('an intent has one live payment, and one payment of a number', async () => {
  const first = await standing('authorized');
  assert.equal(await refusal(mover.mover, born(first, { attempt: 2 })), 'payments_one_live');
  assert.equal(await refusal(mover.mover, born(first, { state: 'failed', attempt: 1 })), 'payments_attempt');
  assert.equal(await refusal(mover.mover, born(first, { state: 'failed', attempt: 2 })), undefined);
});

/** A new operation of the payment, open and of 100, but for these fields. */
function opened(payment: Standing, fields: Record<string, unknown>) {
  return async (tx: RawSql) => {
    const now = new Date();
    const times = { sent_at: now, send_before: now, ask_at: now, asked_at: now, opened_at: now };
    const row = { id: ids(), payment_id: payment.id, merchant_id: payment.merchantId, amount: 100, currency: 'EUR' };
    const plain = { provider: 'alder', request: tx.json({}), step: 1, sends: 1, inquiries: 0, status: 'open' };
    await tx`INSERT INTO operations ${tx({ ...row, ...plain, ...times, kind: 'refund', is_foreign: false, ...fields })}`;
  };
}

test('a payment has one unclosed authorization, capture or void, and one capture', async () => {
  const payment = await standing('authorized');
  for (const kind of ['authorize', 'capture', 'void']) {
    for (const status of ['open', 'challenged', 'pending']) {
      const both = async (tx: RawSql) => {
        await opened(payment, { kind: 'void' })(tx);
        await opened(payment, { kind, status })(tx);
      };
      assert.equal(await refusal(mover.mover, both), 'operations_one_unclosed', `${kind} ${status}`);
    }
  }
  const again = opened(payment, { kind: 'capture', status: 'accepted', closed_at: new Date() });
  assert.equal(await refusal(mover.mover, again), 'operations_one_capture');
});

test('an operation is of a known kind and status, moves something, and is closed when it has its answer', async () => {
  const payment = await standing('captured');
  const insert = (fields: Record<string, unknown>) => refusal(mover.mover, opened(payment, fields));
  assert.equal(await insert({}), undefined);
  assert.equal(await insert({ amount: 0 }), 'operations_amount');
  assert.equal(await insert({ kind: 'gift' }), 'operations_kind');
  assert.equal(await insert({ status: 'lost' }), 'operations_status');
  assert.equal(await insert({ closed_at: new Date() }), 'operations_closed');
  assert.equal(await insert({ status: 'refused' }), 'operations_closed');
});

test('a closed operation never changes', async () => {
  const { id } = await given(mover.commit, 'captured');
  for (const fields of [{ status: 'open', closed_at: null }, { code: 'x' }, { asked_at: new Date() }]) {
    const refused = await refusal(
      mover.mover,
      (tx) => tx`UPDATE operations SET ${tx(fields)} WHERE payment_id = ${id} AND kind = 'authorize'`,
    );
    assert.equal(refused, 'operations_stay_closed');
  }
});

/** A verdict on the payment, but for these fields. */
function judged(payment: Standing, fields: Record<string, unknown> = {}) {
  const row = { id: ids(), payment_id: payment.id, merchant_id: payment.merchantId, decision: 'approve', score: 0 };
  const plain = { fingerprint: 'fp', amount: 100, currency: 'EUR', at: new Date() };
  return (tx: RawSql) => tx`INSERT INTO risk_verdicts ${tx({ ...row, ...plain, reasons: tx.json([]), ...fields })}`;
}

test('operations, postings and verdicts are of their payment, its merchant and its currency', async () => {
  const payment = await standing('captured');
  const posted = (fields: Record<string, unknown>) => {
    const row = { id: ids(), payment_id: payment.id, merchant_id: payment.merchantId, seq: 1, currency: 'EUR' };
    const plain = { kind: 'fee', debit: 'fees', credit: 'receivable', amount: 5, provider: 'alder', at: new Date() };
    return (tx: RawSql) => tx`INSERT INTO postings ${tx({ ...row, ...plain, ...fields })}`;
  };
  const rooms = {
    operations_of_their_payment: (fields: Record<string, unknown>) => opened(payment, fields),
    postings_of_their_payment: posted,
    risk_verdicts_of_their_payment: (fields: Record<string, unknown>) => judged(payment, fields),
  };
  for (const [wall, row] of Object.entries(rooms)) {
    assert.equal(await refusal(mover.mover, row({})), undefined);
    for (const fields of [{ payment_id: ids() }, { merchant_id: ids() }, { currency: 'USD' }]) {
      assert.equal(await refusal(mover.mover, row(fields)), wall, JSON.stringify(fields));
    }
  }
});

test('a payment goes by a verdict of its own, and by a "no" only into failure', async () => {
  const [payment, stranger] = [await standing('tokenized'), await standing('tokenized')];
  const going = (trigger: string, to: PaymentState, of: Standing, decision: string) => (tx: RawSql) => {
    const id = ids();
    const fields = { state: to, verdict_id: id, ...amountsOf(to) };
    return judged(of, { id, decision })(tx).then(() => moved(payment, { from: 'tokenized', trigger, to }, fields)(tx));
  };
  assert.equal(await refusal(mover.mover, going('approve', 'risk_checked', payment, 'approve')), undefined);
  assert.equal(await refusal(mover.mover, going('reject', 'failed', payment, 'reject')), undefined);
  assert.equal(await refusal(mover.mover, going('approve', 'risk_checked', payment, 'reject')), 'payments_verdict');
  assert.equal(await refusal(mover.mover, going('approve', 'risk_checked', stranger, 'approve')), 'payments_verdict');
  assert.equal(
    await refusal(mover.mover, born(payment, { attempt: 2, state: 'failed', verdict_id: ids() })),
    'payments_verdict',
  );
});

test('a payment does not end while an operation has no answer; what is opened after its end may be', async () => {
  for (const [from, trigger, to] of [
    ['risk_checked', 'decline', 'failed'],
    ['authorized', 'void', 'voided'],
  ] as const) {
    const payment = await standing(from);
    const ended = moved(payment, { from, trigger, to }, { state: to, live: false });
    assert.equal(await refusal(mover.mover, ended), undefined);
    const unanswered = (tx: RawSql) => opened(payment, {})(tx).then(() => ended(tx));
    assert.equal(await refusal(mover.mover, unanswered), 'payments_end_closed');
    const gone = await standing(to);
    const giveBack = moved(gone, { from: to, trigger: 'operation_opened' }, {});
    const later = (tx: RawSql) => opened(gone, { kind: 'void' })(tx).then(() => giveBack(tx));
    assert.equal(await refusal(mover.mover, later), undefined);
  }
});

test('an intent asks for something, in one of two ways', async () => {
  const row = { id: ids(), merchant_id: ids(), currency: 'EUR', attempts: 0, created_at: new Date() };
  const made = (fields: Record<string, unknown>) =>
    refusal(
      mover.mover,
      (tx) =>
        tx`INSERT INTO intents ${tx({ ...row, metadata: tx.json({}), amount: 1, capture_method: 'manual', ...fields })}`,
    );
  assert.equal(await made({}), undefined);
  assert.equal(await made({ amount: 0 }), 'intents_amount');
  assert.equal(await made({ capture_method: 'later' }), 'intents_capture_method');
});

test('a temporary table answers for none of ours: nobody may make one, and no guard would look at it', async () => {
  for (const sql of [mover.mover, mover.sql]) {
    assert.equal(await refusal(sql, (tx) => tx`CREATE TEMPORARY TABLE payments (id uuid)`), '42501');
  }
  const nobody = { id: ids(), merchantId: ids() };
  const fooled = await refusal(owner, async (tx) => {
    await tx`CREATE TEMPORARY TABLE payments (id uuid, merchant_id uuid, version int)`;
    await tx`INSERT INTO pg_temp.payments VALUES (${nobody.id}, ${nobody.merchantId}, 1)`;
    await step(tx, nobody, { seq: 1, from: null, trigger: 'create', to: 'initiated' });
  });
  assert.equal(fooled, 'events_one_path');
  // A mere number looks at no table, and what was read when the function was made is bound to what it found there.
  // With a path of its own neither could be inlined.
  const open = await owner`
    SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc !~ '^SELECT [0-9]+$' AND prosqlbody IS NULL
      AND NOT coalesce(proconfig @> ARRAY['search_path=pg_catalog, public, pg_temp'], false)`;
  assert.deepEqual([...open], []);
});
