import type { Edit } from '../../scratch.ts';

const mover = 'server/payments/core/mover.ts';
const guards = 'db/migrations/florin/0001_guards.sql';

/**
 * The mover writes what was decided, on whatever version stands there by now, and numbers its events from there on. The
 * primary key of the log, which would refuse a second event of the same number, has nothing to refuse then.
 */
export const noCompareAndSwap: readonly Edit[] = [
  { file: mover, find: 'p.id = i.id AND p.version = i.before', replace: 'p.id = i.id' },
  {
    file: mover,
    find: 'version = i.version, authorized',
    replace: 'version = p.version + i.version - i.before, authorized',
  },
  { file: mover, find: 'RETURNING i.n, p.id)', replace: 'RETURNING i.n, p.id, p.version - i.version AS shift)' },
  { file: mover, find: 'done AS (SELECT i.n FROM born', replace: 'done AS (SELECT i.n, 0 AS shift FROM born' },
  {
    file: 'server/events/append.ts',
    find: 'SELECT r.payment_id, r.seq, r.id',
    replace: 'SELECT r.payment_id, r.seq + done.shift, r.id',
  },
  {
    file: 'server/ledger/postings.ts',
    find: 'SELECT r.id, r.merchant_id, r.payment_id, r.seq, r.kind',
    replace: 'SELECT r.id, r.merchant_id, r.payment_id, r.seq + done.shift, r.kind',
  },
];

/** The trigger that holds the log to one path. */
export const noOnePath: Edit = {
  file: guards,
  find: 'OR (e.seq > 1 AND before.to_state IS DISTINCT FROM e.from_state)\n     -- A transaction',
  replace: '\n     -- A transaction',
};

/** The trigger that holds an operation to its first answer. */
export const noFirstAnswer: Edit = {
  file: guards,
  find: 'WHERE o.closed_at IS NOT NULL LIMIT 1;',
  replace: 'WHERE o.closed_at IS NULL AND o.closed_at IS NOT NULL LIMIT 1;',
};

/** The index that allows one unclosed authorization, capture or void. */
export const noOneUnclosed: Edit = {
  file: 'db/migrations/florin/0000_tables.sql',
  find: 'CREATE UNIQUE INDEX "operations_one_unclosed"',
  replace: 'CREATE INDEX "operations_one_unclosed"',
};

/** The CHECK that keeps refunds and reserves within the capture. */
export const noRefundCap: Edit = {
  file: 'db/migrations/florin/0000_tables.sql',
  find: '("payments"."refunded" + "payments"."refund_reserved" <= "payments"."captured")',
  replace: '("payments"."captured" >= 0)',
};
