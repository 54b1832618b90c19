import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawSql } from '#db/client.ts';
import { paymentsOnDatabase } from '#server/payments/testing/room.ts';
import { shown } from './shown.ts';
import { stepCheck, unmarked } from './step-check.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase();
});
after(() => room[Symbol.asyncDispose]());

const ids = ({ breaches }: Awaited<ReturnType<typeof stepCheck>>) => [...new Set(breaches.map((one) => one.invariant))];

test('what the rooms commit is found in order, and a mark leaves what was looked at behind', async () => {
  const { id } = await room.paid('automatic', 5_000n);
  await room.payments.refund(room.caller, { paymentId: id, amount: 2_000n });
  const first = await stepCheck(room.owner, unmarked);
  assert.deepEqual(first.breaches, []);
  assert.ok(BigInt(first.mark) > 0n);
  // Nobody looks at it again, so nobody minds.
  await damaged((sql) => sql`UPDATE payments SET version = 99 WHERE id = ${id}`, first.mark, []);
  await damaged((sql) => sql`UPDATE payments SET version = 99 WHERE id = ${id}`, unmarked, ['I4c']);
});

test('after a commit each kind of damage is named, with its payment', async () => {
  const { id } = await room.paid('automatic', 5_000n);
  const all = [
    [
      (sql: RawSql) => sql`UPDATE events SET trigger = 'void' WHERE payment_id = ${id} AND trigger = 'capture'`,
      ['I4a'],
    ],
    [(sql: RawSql) => sql`DELETE FROM events WHERE payment_id = ${id} AND seq = 3`, ['I4b']],
    [(sql: RawSql) => sql`UPDATE payments SET state = 'reconciled', reconciled = 1 WHERE id = ${id}`, ['I4c']],
    [(sql: RawSql) => sql`UPDATE payments SET captured = authorized + 1 WHERE id = ${id}`, ['I2a']],
    [(sql: RawSql) => sql`DELETE FROM payments WHERE id = ${id}`, ['I4c', 'I2a']],
  ] as const;
  for (const [damage, named] of all) await damaged(damage, unmarked, named, id);
});

const undo = new Error('undone');

/** Damages what is there as a superuser could, looks at it, and undoes it. */
async function damaged(
  damage: (sql: RawSql) => PromiseLike<unknown>,
  mark: string,
  named: readonly string[],
  payment?: string,
): Promise<void> {
  await room.owner
    .begin(async (tx) => {
      const sql = tx as unknown as RawSql;
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`ALTER TABLE events DROP CONSTRAINT events_legal`;
      await sql`ALTER TABLE payments DROP CONSTRAINT payments_captured_at_most_authorized`;
      await damage(sql);
      const found = await stepCheck(sql, mark);
      assert.deepEqual(ids(found), named);
      for (const one of payment ? found.breaches : []) {
        assert.equal(one.payment, payment);
        assert.ok(one.says.includes(shown('payment', payment ?? '')), one.says);
      }
      throw undo;
    })
    .catch((error) => assert.equal(error, undo));
}
