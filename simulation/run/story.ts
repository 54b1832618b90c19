import type { Sql } from '../judge/evidence.ts';

/** Something that Florin committed about a payment. */
export interface Committed {
  /** Place of the payment in the plan, and which of its tries. */
  n: number;
  attempt: number;
  /** Virtual milliseconds since the world began, by the clock of the process that wrote it. */
  at: number;
  from: string | null;
  trigger: string;
  to: string;
  /** What set it off: a verb, a provider's `answer`, an `inquiry`, a `webhook`. */
  cause: string;
  operation: { kind: string; provider: string; amount: number } | null;
}

/** What the log holds about the plan's payments: of each in its order, the payments by their places. */
export async function storyOf(sql: Sql, start: Date): Promise<Committed[]> {
  const rows = await sql<
    (Omit<Committed, 'at' | 'operation'> & { at: Date; kind: string | null; provider: string; amount: string })[]
  >`
    SELECT (i.metadata ->> 'payment')::int AS n, p.attempt, e.at, e.from_state AS from, e.trigger, e.to_state AS to,
      e.cause, o.kind, o.provider, o.amount::text AS amount
    FROM events e JOIN payments p ON p.id = e.payment_id JOIN intents i ON i.id = p.intent_id
      LEFT JOIN operations o ON o.id = e.operation_id
    ORDER BY 1, 2, e.seq`;
  return rows.map(({ at, kind, provider, amount, ...event }) => ({
    ...event,
    at: at.getTime() - start.getTime(),
    operation: kind === null ? null : { kind, provider, amount: Number(amount) },
  }));
}
