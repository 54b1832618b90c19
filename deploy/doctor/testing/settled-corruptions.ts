import type { RawSql } from '#db/client.ts';
import type { Corruption, Healthy } from './corruption.ts';

interface WrongLine {
  kind: 'capture' | 'payout';
  status: 'read' | 'posted';
  /** Of our capture, and on record. */
  isOurs?: true;
}

/** A settlement file of one line, of the acquirer of a payment and later than anything in its books. */
async function oneLine(sql: RawSql, { captured }: Healthy, { kind, status, isOurs }: WrongLine): Promise<void> {
  await sql`
    WITH o AS (SELECT * FROM operations WHERE payment_id = ${captured.id} AND kind = 'capture'),
    f AS (
      INSERT INTO settlement_files (id, provider, name, day, source, digest, content, received_at, status, lines, quarantined)
      SELECT gen_random_uuid(), provider, 'wrong.csv', '2026-03-01', 'fetched', sha256(''), '', closed_at, ${status}, 1, 0
      FROM o RETURNING id)
    INSERT INTO settlement_lines (file_id, line, provider, kind, amount, fee, net, currency, occurred_at, raw,
      merchant_id, payment_id, operation_id, rule, posted_at)
    SELECT f.id, 2, o.provider, ${kind}, o.amount, 0, o.amount, o.currency, o.closed_at + interval '1 day', '',
      ${isOurs ? sql`o.merchant_id, o.payment_id, o.id, 'key', o.closed_at` : sql`NULL, NULL, NULL, NULL, NULL`}
    FROM o, f`;
}

/** Settlement files and the books beside them. */
export const settledCorruptions: Record<'I2e' | 'I7g' | 'I11h', Corruption> = {
  I2e: (sql, healthy) => oneLine(sql, healthy, { kind: 'capture', status: 'read', isOurs: true }),
  I7g: (sql, healthy) => oneLine(sql, healthy, { kind: 'payout', status: 'read' }),
  I11h: (sql, healthy) => oneLine(sql, healthy, { kind: 'capture', status: 'posted' }),
};
