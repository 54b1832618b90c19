import type { Clock } from '#server/kernel/clock.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import { sha256 } from '#server/kernel/secret.ts';
import { isOfOneRow, type VaultSql } from './database.ts';
import type { Scope } from './scope.ts';
import type { TokenRecord } from './token-record.ts';

export interface LookUp {
  /** What a grant is for; undefined where it is unknown, used or expired. */
  grant(grant: string): Promise<Scope | undefined>;
  /** The token's record; undefined where it is unknown or expired. */
  token(token: string): Promise<TokenRecord | undefined>;
}

/** Those who ask at once share a statement. Each is looked up by itself, however many the planner thinks there are. */
export function makeLookUp({ sql, clock }: { sql: VaultSql; clock: Clock }): LookUp {
  const seams = { ...ofQuestions, clock, isOfOne: isOfOneRow };
  const grants = together(seams, async (hashes: readonly string[]) =>
    byPlace(
      hashes,
      await sql<Placed<Scope>[]>`
        SELECT a.n::int, g.* FROM json_array_elements_text(${JSON.stringify(hashes)}::text::json)
          WITH ORDINALITY AS a (hash, n)
        CROSS JOIN LATERAL (
          SELECT merchant_id AS "merchantId", intent_id AS "intentId", currency, max_amount AS "maxAmount"
          FROM grants WHERE hash = decode(a.hash, 'hex') AND expires_at > ${clock.now()} LIMIT 1) AS g`,
    ),
  );
  const tokens = together(seams, async (hashes: readonly string[]) =>
    byPlace(
      hashes,
      await sql<Placed<TokenRecord>[]>`
        SELECT a.n::int, t.* FROM json_array_elements_text(${JSON.stringify(hashes)}::text::json)
          WITH ORDINALITY AS a (hash, n)
        CROSS JOIN LATERAL (
          SELECT id, merchant_id AS "merchantId", intent_id AS "intentId", currency, max_amount AS "maxAmount", sealed,
            brand, last4, exp_month AS "expMonth", exp_year AS "expYear", fingerprint, holder, payment_id AS "paymentId"
          FROM tokens WHERE hash = decode(a.hash, 'hex') AND expires_at > ${clock.now()} LIMIT 1) AS t`,
    ),
  );
  return {
    grant: (grant) => grants(sha256(grant).toString('hex')),
    token: (token) => tokens(sha256(token).toString('hex')),
  };
}

/** Counted from 1. */
type Placed<T> = T & { n: number };

function byPlace<T>(asked: readonly string[], rows: readonly Placed<T>[]): (T | undefined)[] {
  const found: (T | undefined)[] = asked.map(() => undefined);
  for (const row of rows) found[row.n - 1] = row;
  return found;
}
