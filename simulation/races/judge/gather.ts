import type postgres from 'postgres';
import type { EventRow, Evidence, KeyRow, OperationRow, PaymentRow, PostingRow, SeenRow } from './evidence.ts';

type Sql = postgres.Sql<{ bigint: bigint }>;
type Rows = Omit<Evidence, 'journal' | 'answers' | 'prepared'>;

/** What the database says of these merchants, by merchant. */
export async function gather(sql: Sql, merchants: readonly string[]): Promise<(merchant: string) => Rows> {
  const of = [...merchants];
  const [intents, payments, operations, events, postings, keys, seen] = await Promise.all([
    sql<Of<{ id: string }>[]>`SELECT merchant_id, id FROM intents WHERE merchant_id = ANY(${of}::uuid[])`,
    sql<Of<PaymentRow>[]>`
      SELECT merchant_id, id, intent_id, state, version, amount, authorized, captured, refunded, refund_reserved,
        charged_back, stray
      FROM payments WHERE merchant_id = ANY(${of}::uuid[]) ORDER BY id`,
    sql<Of<OperationRow>[]>`
      SELECT o.merchant_id, o.id, o.payment_id, o.kind, o.status, o.amount, o.step, o.provider_ref, o.is_foreign
      FROM payments p JOIN operations o ON o.payment_id = p.id WHERE p.merchant_id = ANY(${of}::uuid[]) ORDER BY o.id`,
    sql<Of<EventRow>[]>`
      SELECT e.merchant_id, e.payment_id, e.seq, e.from_state, e.trigger, e.to_state, e.operation_id
      FROM payments p JOIN events e ON e.payment_id = p.id WHERE p.merchant_id = ANY(${of}::uuid[])
      ORDER BY e.payment_id, e.seq`,
    sql<Of<PostingRow>[]>`
      SELECT p.merchant_id, o.payment_id, o.kind, o.amount
      FROM payments p JOIN postings o ON o.payment_id = p.id WHERE p.merchant_id = ANY(${of}::uuid[])`,
    sql<Of<KeyRow>[]>`SELECT merchant_id, key, subject_id FROM idempotency_keys WHERE merchant_id = ANY(${of}::uuid[])`,
    sql<Of<SeenRow>[]>`SELECT merchant_id, payment_id, seq FROM seen WHERE merchant_id = ANY(${of}::uuid[]) ORDER BY n`,
  ]);
  const [i, p, o, e, l, k, s] = [
    by(intents),
    by(payments),
    by(operations),
    by(events),
    by(postings),
    by(keys),
    by(seen),
  ];
  return (merchant) => ({
    intents: i(merchant),
    payments: p(merchant),
    operations: o(merchant),
    events: e(merchant),
    postings: l(merchant),
    keys: k(merchant),
    seen: s(merchant),
  });
}

type Of<T> = T & { merchant_id: string };

function by<T>(rows: readonly Of<T>[]): (merchant: string) => T[] {
  const groups = Map.groupBy(rows, ({ merchant_id }) => merchant_id);
  return (merchant) => groups.get(merchant) ?? [];
}
