import type { Clock } from '#server/kernel/clock.ts';
import type { Workload } from '#server/workload/policy.ts';
import type { VaultSql } from './database.ts';

/** One send, to be claimed before its first byte leaves. */
export interface Claim {
  operation: string;
  step: number;
  send: number;
  payment: string;
  tokenId: string | undefined;
  provider: string;
  caller: Workload;
}

export type SendKey = Pick<Claim, 'operation' | 'step' | 'send'>;

/** `taken`: ours to send. `gone`: claimed before, it may have left. `foreign`: its token is another payment's. */
export type Taken = 'taken' | 'gone' | 'foreign';

const largestBatch = 200;
/** While one batch is being committed the next one fills; a second connection keeps the first from idling. */
const lanes = 2;

interface Waiting {
  claim: Claim;
  resolve(taken: Taken): void;
  reject(error: unknown): void;
}

/** Claims sends, those that ask together in one commit; a lone one waits for nobody. */
export function makeTaker({ sql, clock }: { sql: VaultSql; clock: Clock }): (claim: Claim) => Promise<Taken> {
  const waiting: Waiting[] = [];
  let busy = 0;

  function flush(): void {
    if (busy >= lanes || waiting.length === 0) return;
    const batch = waiting.splice(0, largestBatch);
    busy++;
    void write(batch).finally(() => {
      busy--;
      flush();
    });
    flush();
  }

  async function write(batch: Waiting[]): Promise<void> {
    try {
      const claims = batch.map(({ claim }) => claim);
      const free = await insert(sql, claims, clock.now());
      // Of two equal claims in one batch the first gets it.
      const whyNot = async (claim: Claim) => ((await isTaken(sql, claim)) ? 'gone' : 'foreign');
      const settle = async ({ claim, resolve }: Waiting) =>
        resolve(free.delete(keyOf(claim)) ? 'taken' : await whyNot(claim));
      await Promise.all(batch.map(settle));
    } catch (error) {
      // One bad claim must not take its neighbours along. What the failed statement may have written is then `gone`.
      if (batch.length > 1) await Promise.all(batch.map((one) => write([one])));
      else batch[0]?.reject(error);
    }
  }

  return (claim) =>
    new Promise((resolve, reject) => {
      waiting.push({ claim, resolve, reject });
      if (waiting.length === 1) clock.idle(flush);
    });
}

/** The keys of those that were free. A token that no payment has used yet is bound to this one in the same commit. */
async function insert(sql: VaultSql, claims: Claim[], now: Date): Promise<Set<string>> {
  // What else a claim carries is no business of this table's.
  const fields = claims.map(({ operation, step, send, payment, tokenId, provider, caller }) => {
    return { operation, step, send, payment, tokenId, provider, caller };
  });
  const rows = await sql<{ operation: string; step: number; send: number }[]>`
    WITH claims AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(fields)}::text::json)
        AS c (operation uuid, step smallint, send smallint, payment uuid, "tokenId" uuid, provider text, caller text)
    ), bound AS (
      -- Also where it is bound already: the row's own lock, not this statement's older view, says to whom.
      UPDATE tokens t SET payment_id = coalesce(t.payment_id, c.payment) FROM claims c WHERE t.id = c."tokenId"
      RETURNING t.id, t.payment_id
    )
    INSERT INTO sends (operation_id, step, send, payment_id, token_id, provider, caller, taken_at)
    SELECT operation, step, send, payment, "tokenId", provider, caller, ${now} FROM claims c
    WHERE "tokenId" IS NULL OR EXISTS (SELECT FROM bound b WHERE b.id = c."tokenId" AND b.payment_id = c.payment)
    ON CONFLICT DO NOTHING
    RETURNING operation_id AS operation, step, send`;
  return new Set(rows.map(keyOf));
}

/** Whether this send was claimed before: then it may have left. */
export async function isTaken(sql: VaultSql, { operation, step, send }: SendKey): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM sends WHERE operation_id = ${operation} AND step = ${step} AND send = ${send}`;
  return rows.length > 0;
}

function keyOf({ operation, step, send }: SendKey): string {
  return `${operation.toLowerCase()}-${step}-${send}`;
}
