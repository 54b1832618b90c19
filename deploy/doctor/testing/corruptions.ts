import type { RawSql } from '#db/client.ts';
import type { Corruption } from './corruption.ts';
import { settledCorruptions } from './settled-corruptions.ts';

/** One for each invariant that the database alone shows. What stands in its way is taken away first. */
export const corruptions: Record<string, Corruption> = {
  async I1a(sql, { authorized, captured }) {
    await sql`DROP INDEX payments_one_live, payments_attempt`;
    await sql`UPDATE payments SET intent_id = ${captured.intentId} WHERE id = ${authorized.id}`;
  },
  async I1b(sql, { authorized }) {
    await sql`DROP INDEX operations_one_unclosed`;
    for (const kind of ['capture', 'void']) await another(sql, authorized.id, { kind, status: 'open' });
  },
  async I2a(sql, { captured }) {
    await sql`ALTER TABLE payments DROP CONSTRAINT payments_refunds_at_most_captured`;
    await sql`UPDATE payments SET refund_reserved = captured + 1 WHERE id = ${captured.id}`;
  },
  I2b: (sql, { captured }) => sql`UPDATE payments SET refund_reserved = 1 WHERE id = ${captured.id}`,
  async I2c(sql, { captured }) {
    await sql`ALTER TABLE payments DROP CONSTRAINT payments_live`;
    await sql`UPDATE payments SET live = false WHERE id = ${captured.id}`;
  },
  I3a: (sql, { captured }) => another(sql, captured.id, { kind: 'void', status: 'accepted' }),
  async I4a(sql, { captured }) {
    await sql`ALTER TABLE events DROP CONSTRAINT events_legal`;
    await sql`UPDATE events SET trigger = 'teleport' WHERE payment_id = ${captured.id} AND trigger = 'begin_capture'`;
  },
  I4b: (sql, { captured }) => sql`DELETE FROM events WHERE payment_id = ${captured.id} AND seq = 3`,
  I4c: (sql, { captured }) => sql`UPDATE payments SET version = version + 1 WHERE id = ${captured.id}`,
  async I4d(sql, { captured }) {
    await sql`ALTER TABLE operations DROP CONSTRAINT operations_closed`;
    await sql`UPDATE operations SET closed_at = NULL WHERE payment_id = ${captured.id} AND kind = 'capture'`;
  },
  async I4e(sql) {
    await sql`ALTER TABLE order_events DROP CONSTRAINT order_events_legal`;
    await sql`UPDATE order_events SET trigger = 'teleport' WHERE trigger = 'ship'`;
  },
  I4f: (sql) => sql`UPDATE orders SET version = version + 1 WHERE state = 'fulfilled'`,
  I4g: (sql) => sql`GRANT UPDATE (amount) ON postings TO florin_worker`,
  I4h: (sql) => sql`ALTER TABLE events DISABLE TRIGGER events_append_only`,
  async I4i(sql) {
    await sql`ALTER TABLE order_events DROP CONSTRAINT order_events_legal`;
    await sql`ALTER TABLE order_events ADD CONSTRAINT order_events_legal CHECK (trigger <> 'create.paid')`;
  },
  I5a: (sql, { captured }) => sql`UPDATE payments SET captured = captured - 1 WHERE id = ${captured.id}`,
  I5b: (sql, { captured }) => sql`UPDATE postings SET currency = 'USD' WHERE payment_id = ${captured.id}`,
  I5c: (sql, { captured }) => sql`DELETE FROM postings WHERE payment_id = ${captured.id} AND kind = 'capture'`,
  I7a: (sql, { captured }) =>
    sql`UPDATE events SET operation_id = NULL WHERE payment_id = ${captured.id} AND trigger = 'capture'`,
  I7b: (sql) => sql`UPDATE fulfilments SET approved_seq = 1 WHERE status = 'shipped'`,
  I7f: (sql, { parted }) => sql`DELETE FROM operations WHERE payment_id = ${parted.id} AND kind = 'refund'`,
  async I8a(sql) {
    await sql`ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_merchant_id_key_pk`;
    await sql`INSERT INTO idempotency_keys SELECT * FROM idempotency_keys WHERE key = 'capture it'`;
  },
  I8b: (sql) => sql`UPDATE idempotency_keys SET subject_id = gen_random_uuid() WHERE key = 'capture it'`,
  I9a: (sql) => sql`UPDATE fulfilments SET status = 'refused' WHERE status = 'shipped'`,
  I9b: (sql) => sql`UPDATE orders SET state = 'compensated' WHERE state = 'fulfilled'`,
  I10a: (sql) => sql`UPDATE event_cursors SET tx = '0'::xid8 WHERE consumer = 'alerts'`,
  I10b: (sql, { captured }) => sql`
    INSERT INTO parked_events (consumer, payment_id, seq, event_id, merchant_id, status, tries, error, parked_at)
    SELECT 'alerts', payment_id, seq, id, merchant_id, 'failed', 5, 'no such channel', at
    FROM events WHERE payment_id = ${captured.id} AND seq = 2`,
  I10c: (sql, { captured }) => sql`UPDATE deliveries SET seq = seq + 100 WHERE payment_id = ${captured.id}`,
  I10d: (sql, { captured }) => sql`UPDATE payment_rows SET refunded = 1 WHERE id = ${captured.id}`,
  I10e: (sql) => sql`UPDATE payment_rows SET id = gen_random_uuid() WHERE state = 'voided'`,
  I10f: (sql) => sql`UPDATE hourly_figures SET answers_within[1] = answers_within[1] + 1`,
  I10g: (sql) => sql`UPDATE alerts SET times = 2 WHERE kind = 'escalation_opened'`,
  I10h: (sql, { captured }) => sql`DELETE FROM deliveries WHERE payment_id = ${captured.id}`,
  I11a: (sql, { failed }) => reopened(sql, failed.id, 'authorize'),
  I11b: (sql, { parted }) => reopened(sql, parted.id, 'refund'),
  I11c: (sql, { authorized }) => sql`UPDATE payments SET held_until = NULL WHERE id = ${authorized.id}`,
  I11d: (sql, { authorized }) =>
    sql`UPDATE payments SET held_until = created_at - interval '1 day' WHERE id = ${authorized.id}`,
  I11e: (sql, { failed }) => sql`UPDATE payments SET stray = 5 WHERE id = ${failed.id}`,
  I11f: (sql, { captured }) => sql`
    INSERT INTO provider_webhooks (id, provider, received_at, address, headers, body, body_size, body_digest, genuine,
      event_id, signed_at, times, last_received_at, status, leased_until, tries)
    SELECT gen_random_uuid(), provider, created_at, '192.0.2.7', '{}', '', 0, sha256(''), true, 'msg_1', created_at, 1,
      created_at, 'received', created_at, 1
    FROM payments WHERE id = ${captured.id}`,
  I11g: (sql) => sql`UPDATE compensations SET status = 'due', closed_at = NULL`,
  I12a: (sql, { captured }) =>
    sql`UPDATE operations SET merchant_id = gen_random_uuid() WHERE payment_id = ${captured.id} AND kind = 'capture'`,
  I12b: (sql) => sql`UPDATE orders SET merchant_id = gen_random_uuid() WHERE state = 'fulfilled'`,
  I14a: (sql, { captured }) => sql`UPDATE events SET actor_id = NULL WHERE payment_id = ${captured.id} AND seq = 2`,
  async I14b(sql, { undone }) {
    await sql`ALTER TABLE escalations DROP CONSTRAINT escalations_second_person`;
    await sql`UPDATE escalations SET closed_how = 'confirmed', closed_at = opened_at WHERE payment_id = ${undone.id}`;
  },
  I14c: (sql, { undone }) =>
    sql`UPDATE escalations SET closed_how = 'answered', closed_at = opened_at WHERE payment_id = ${undone.id}`,
  I2e: settledCorruptions.I2e,
  I11h: settledCorruptions.I11h,
};

/** One more operation of a payment, like its authorisation but for its kind and where it stands. */
function another(sql: RawSql, paymentId: string, { kind, status }: { kind: string; status: 'open' | 'accepted' }) {
  return sql`
    INSERT INTO operations (id, payment_id, merchant_id, kind, status, provider, amount, currency, request, step, sends,
      sent_at, send_before, asked_at, inquiries, ask_at, opened_at, closed_at, is_foreign)
    SELECT gen_random_uuid(), payment_id, merchant_id, ${kind}, ${status}, provider, amount, currency, request, step,
      sends, sent_at, send_before, asked_at, inquiries, ask_at, opened_at,
      CASE WHEN ${status}::text = 'accepted' THEN closed_at END, false
    FROM operations WHERE payment_id = ${paymentId} AND kind = 'authorize'`;
}

function reopened(sql: RawSql, paymentId: string, kind: string) {
  return sql`
    UPDATE operations SET status = 'open', closed_at = NULL WHERE payment_id = ${paymentId} AND kind = ${kind}`;
}
