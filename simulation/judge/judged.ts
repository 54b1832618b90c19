import { bookLines } from './book-lines.ts';
import type { Evidence, Fragment, Sql } from './evidence.ts';

/** What part of the evidence is judged. Left out: all of it, and as at rest. */
export interface Scope {
  /** Only these payments, and what belongs to them. */
  payments?: readonly string[];
  /**
   * Set on a system that is at work: what must be so at rest is then asked only of what nobody has touched since this
   * moment, and a person's open case excuses what it is about.
   */
  quietSince?: Date;
}

/** What a query reads from: the tables, or only the rows in them that belong to the payments of the scope. */
export interface Judged {
  sql: Sql;
  /** As `p`. */
  payments: Fragment;
  /** As `e`: the log. */
  events: Fragment;
  /** As `o`. */
  operations: Fragment;
  /** As `x`. */
  postings: Fragment;
  /** As `c`: cases before people. */
  escalations: Fragment;
  /** The acquirers' lines as `b`, each with its provider, its payment and the operation whose key it bears. */
  books: Fragment;
  /** The providers whose books are at hand. */
  providers: readonly string[];
  now: Date;
  /** A moment, `infinity` at rest: what changed after it is still under way. */
  quiet: Fragment;
  /** Whether nothing is under way any more. */
  resting: boolean;
  /** Whether all payments are judged. */
  whole: boolean;
}

export function judged(evidence: Evidence, { payments, quietSince }: Scope): Judged {
  const { sql, journals, now } = evidence;
  const only = payments && sql`unnest(${payments}::uuid[])`;
  return {
    sql,
    payments: only ? sql`${only} AS one (id) JOIN payments p ON p.id = one.id` : sql`payments p`,
    events: only ? sql`${only} AS one (id) JOIN events e ON e.payment_id = one.id` : sql`events e`,
    operations: only ? sql`${only} AS one (id) JOIN operations o ON o.payment_id = one.id` : sql`operations o`,
    postings: only ? sql`${only} AS one (id) JOIN postings x ON x.payment_id = one.id` : sql`postings x`,
    escalations: only ? sql`${only} AS one (id) JOIN escalations c ON c.payment_id = one.id` : sql`escalations c`,
    books: bookLines(evidence, payments),
    providers: [...journals.keys()],
    now,
    quiet: sql`${quietSince?.toISOString() ?? 'infinity'}::text::timestamptz`,
    resting: quietSince === undefined,
    whole: payments === undefined,
  };
}
