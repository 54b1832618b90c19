import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import { legalOrderSteps, orderStates, statesWithFulfilment } from './core/order-machine.ts';
import { openSession } from './testing/given.ts';
import { type Saga, sagaOnDatabase } from './testing/saga.ts';

// What the database itself refuses of orders, asked with raw SQL under the application's own roles.

let saga: Saga;
let owner: RawSql;
before(async () => {
  saga = await sagaOnDatabase();
  owner = openSql(saga.database.url('owner'), { application: 'test', max: 1 });
});
after(async () => {
  await owner.end();
  await saga[Symbol.asyncDispose]();
});

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

interface Step {
  from: string | null;
  trigger: string;
  to: string;
  fulfilmentId?: string | null;
}

/** One step of an order and its event, as the room writes them. */
const step = (tx: RawSql, orderId: string, { from, trigger, to, fulfilmentId = null }: Step) => tx`
  WITH moved AS (
    UPDATE orders SET state = ${to}, version = version + 1, updated_at = ${now} WHERE id = ${orderId}
    RETURNING id, version, merchant_id)
  INSERT INTO order_events (order_id, seq, merchant_id, from_state, trigger, to_state, fulfilment_id, cause, actor_kind,
    data, at)
  SELECT id, version, merchant_id, ${from}, ${trigger}, ${to}, ${fulfilmentId}::uuid, 'test', 'test', '{}', ${now}::timestamptz
  FROM moved`;
const now = new Date('2026-03-01T12:00:00Z');

const legal = new Set(legalOrderSteps().map(({ from, trigger, to }) => `${from} ${trigger} ${to}`));
const everyTrigger = [...new Set(legalOrderSteps().map(({ trigger }) => trigger))];
const isSending = (state: string) => statesWithFulfilment.some((one) => one === state);

for (const from of orderStates) {
  test(`from ${from} the database takes every legal step of an order and refuses all others`, async () => {
    const { orderId, fulfilmentId } = await standing(from);
    for (const trigger of everyTrigger) {
      for (const to of orderStates) {
        const carries = isSending(to) ? fulfilmentId : null;
        const refused = await refusal(saga.sql, (tx) =>
          step(tx, orderId, { from, trigger, to, fulfilmentId: carries }),
        );
        const expected = legal.has(`${from} ${trigger} ${to}`) ? undefined : 'order_events_legal';
        assert.equal(refused, expected, `${from} ${trigger} ${to}`);
      }
    }
  });
}

/** An order that stands in `state`, put there past the guards by the superuser, by some legal last step. */
async function standing(state: string): Promise<{ orderId: string; fulfilmentId: string }> {
  const { orderId } = await saga.bought();
  await saga.round();
  const [fulfilment] = await owner<{ id: string }[]>`SELECT id FROM fulfilments WHERE order_id = ${orderId}`;
  const fulfilmentId = fulfilment?.id ?? '';
  await owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    const { from, trigger } = legalOrderSteps().find(({ from, to }) => from !== to && to === state) ?? {};
    const seq = from ? 2 : 1;
    await tx`DELETE FROM order_events WHERE order_id = ${orderId} AND seq > ${seq}`;
    await tx`
      UPDATE order_events SET to_state = ${state}, trigger = ${trigger ?? ''}, from_state = ${from ?? null},
        fulfilment_id = ${isSending(state) ? fulfilmentId : null}
      WHERE order_id = ${orderId} AND seq = ${seq}`;
    await tx`UPDATE orders SET state = ${state}, version = ${seq} WHERE id = ${orderId}`;
  });
  return { orderId, fulfilmentId };
}

/** An order that nobody has paid. */
async function fresh(): Promise<string> {
  const { caller } = await openSession(saga);
  return (await saga.orders.list(caller, { limit: 1 })).rows[0]?.id ?? '';
}

test('an order is not changed without its event, nor its log ahead of it or beside its path', async () => {
  const orderId = await fresh();
  const alone = await refusal(
    saga.sql,
    (tx) => tx`UPDATE orders SET state = 'paid', version = 2, updated_at = ${now} WHERE id = ${orderId}`,
  );
  assert.equal(alone, 'orders_have_their_event');
  const [{ merchant_id: merchantId } = { merchant_id: '' }] = await owner`
    SELECT merchant_id FROM orders WHERE id = ${orderId}`;
  const ahead = (seq: number, from: string, trigger: string, to: string) => (tx: RawSql) =>
    tx`
    INSERT INTO order_events (order_id, seq, merchant_id, from_state, trigger, to_state, cause, actor_kind, data, at)
    VALUES (${orderId}, ${seq}, ${merchantId}, ${from}, ${trigger}, ${to}, 'test', 'test', '{}', ${now})`;
  assert.equal(await refusal(saga.sql, ahead(2, 'open', 'pay', 'paid')), 'order_events_one_path');
  assert.equal(
    await refusal(saga.sql, async (tx) => {
      await step(tx, orderId, { from: 'open', trigger: 'pay', to: 'paid' });
      await step(tx, orderId, { from: 'open', trigger: 'cancel', to: 'canceled' });
    }),
    'order_events_one_path',
  );
});

test('what an order went through is changed by nobody, not even by the owner', async () => {
  const orderId = await fresh();
  const change = (tx: RawSql) => tx`UPDATE order_events SET cause = 'mine' WHERE order_id = ${orderId}`;
  for (const sql of [saga.web.sql, saga.sql]) assert.equal(await refusal(sql, change), '42501');
  assert.equal(await refusal(owner, change), 'append_only');
});

interface Grounds {
  id: string;
  orderId: string;
  merchantId: string;
  paymentId: string;
  authorized: number;
  approved: number;
  captured: number;
}

const send = (tx: RawSql, g: Grounds) => tx`
  INSERT INTO fulfilments (id, order_id, merchant_id, payment_id, authorized_seq, approved_seq, captured_seq, status, tries,
    next_at, opened_at)
  VALUES (${g.id}, ${g.orderId}, ${g.merchantId}, ${g.paymentId}, ${g.authorized}, ${g.approved}, ${g.captured}, 'due', 0,
    ${now}, ${now})`;

/** A captured payment whose order nobody has moved yet, and where its grounds stand in its log. */
async function captured(): Promise<Grounds & { seq: (trigger: string) => number }> {
  const bought = await saga.bought();
  const { id: paymentId } = await bought.payment();
  const rows = await owner<{ id: string; seq: number; trigger: string }[]>`
    SELECT id, seq, trigger FROM events WHERE payment_id = ${paymentId}`;
  const seq = (trigger: string) => rows.find((row) => row.trigger === trigger)?.seq ?? 0;
  return {
    id: rows.find(({ trigger }) => trigger === 'capture')?.id ?? '',
    orderId: bought.orderId,
    merchantId: bought.caller.merchantId,
    paymentId,
    authorized: seq('authorize'),
    approved: seq('approve'),
    captured: seq('capture'),
    seq,
  };
}

test('nothing is sent without the authorisation, the capture and the approval of its own payment on record', async () => {
  const [grounds, other] = [await captured(), await captured()];
  const { seq } = grounds;
  const tried = (changed: Partial<Grounds>) => refusal(saga.sql, (tx) => send(tx, { ...grounds, ...changed }));
  assert.equal(await tried({}), undefined, 'what is right goes through');
  for (const authorized of ['create', 'approve', 'begin_capture', 'operation_opened'].map(seq)) {
    assert.equal(await tried({ authorized }), 'fulfilments_have_grounds');
  }
  for (const approved of ['create', 'tokenize', 'authorize', 'capture'].map(seq)) {
    assert.equal(await tried({ approved }), 'fulfilments_have_grounds');
  }
  assert.equal(await tried({ captured: seq('begin_capture') }), 'fulfilments_have_grounds');
  assert.equal(await tried({ id: saga.seams.ids() }), 'fulfilments_have_grounds', 'the command is the event');
  assert.equal(await tried({ paymentId: other.paymentId, id: other.id }), 'fulfilments_have_grounds', "another's");
  const nowhere = await Promise.all(
    (['authorized', 'approved', 'captured'] as const).map((place) => tried({ [place]: 99 })),
  );
  // The trigger asks at the end of the statement, after the foreign keys.
  assert.deepEqual(nowhere, ['fulfilments_authorized', 'fulfilments_approved', 'fulfilments_captured']);
});

test('what a person had to look at is sent on that person’s yes, and on nothing else', async () => {
  for (const [review, closes, expected] of [
    ['open', false, ['fulfilments_have_grounds', 'fulfilments_have_grounds']],
    ['rejected', true, ['fulfilments_have_grounds', 'fulfilments_have_grounds']],
    ['approved', true, ['fulfilments_have_grounds', undefined]],
  ] as const) {
    const grounds = await captured();
    const { paymentId, seq } = grounds;
    await owner.begin(async (tx) => {
      await tx`SET LOCAL session_replication_role = replica`;
      await tx`ALTER TABLE payments DROP CONSTRAINT IF EXISTS payments_review_before_capture`;
      await tx`UPDATE payments SET review = ${review} WHERE id = ${paymentId}`;
      const opened = tx`payment_id = ${paymentId} AND seq = ${seq('collect')}`;
      const closed = tx`payment_id = ${paymentId} AND seq = ${seq('tokenize')}`;
      const word = (trigger: string) => tx`trigger = ${trigger}, from_state = 'authorized', to_state = 'authorized'`;
      await tx`UPDATE events SET ${word('review_opened')} WHERE ${opened}`;
      if (closes) await tx`UPDATE events SET ${word('review_closed')} WHERE ${closed}`;
    });
    const tried = await Promise.all(
      [grounds.approved, seq('tokenize')].map((approved) =>
        refusal(saga.sql, (tx) => send(tx, { ...grounds, approved })),
      ),
    );
    assert.deepEqual(tried, expected, review);
  }
});

test('the web and the API send nothing, the mover neither, and nobody changes what a command stands on', async () => {
  const grounds = await captured();
  for (const role of ['web', 'api'] as const) {
    const sql = openSql(saga.database.url(role), { application: 'test', max: 1 });
    assert.equal(await refusal(sql, (tx) => send(tx, grounds)), '42501', role);
    await sql.end();
  }
  const asMover = async (tx: RawSql) => {
    await tx`SET LOCAL ROLE florin_mover`;
    await send(tx, grounds);
  };
  assert.equal(await refusal(saga.sql, asMover), '42501');
  const bend = async (tx: RawSql) => {
    await send(tx, grounds);
    await tx`UPDATE fulfilments SET approved_seq = 1 WHERE id = ${grounds.id}`;
  };
  assert.equal(await refusal(saga.sql, bend), '42501');
});

test('no order is fulfilled by a fulfilment of another, or by none', async () => {
  const [mine, other] = [await captured(), await captured()];
  const begin = (fulfilmentId: string | null) => async (tx: RawSql) => {
    await send(tx, other);
    await step(tx, mine.orderId, { from: 'open', trigger: 'pay', to: 'paid' });
    await step(tx, mine.orderId, { from: 'paid', trigger: 'begin_fulfilment', to: 'fulfilling', fulfilmentId });
  };
  assert.equal(await refusal(saga.sql, begin(other.id)), 'order_events_fulfilment');
  assert.equal(await refusal(saga.sql, begin(null)), 'order_events_have_fulfilment');
});
