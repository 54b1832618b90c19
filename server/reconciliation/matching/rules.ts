import type { RawSql } from '#db/client.ts';
import type { matchedBy } from '#db/schema/reconciliation.ts';

export interface Rule {
  /** As a matched line names it. */
  name: string;
  by: (typeof matchedBy)[number];
  /** Minor units by which amounts may differ. */
  tolerance: bigint;
  /** Days by which a line may be later than its operation. */
  windowDays: number;
}

const usual = { tolerance: 0n, windowDays: 2 } as const;

/** What holds where neither the provider nor all of them have rules of their own. */
const defaults: readonly Rule[] = [
  { name: 'our key', by: 'key', ...usual },
  { name: "the provider's id", by: 'ref', ...usual },
  { name: 'our reference, kind and amount', by: 'reference', ...usual },
];

/** A provider's rules in their order. Its own come in place of everybody's, and those in place of the defaults. */
export async function rulesOf(sql: RawSql, provider: string): Promise<readonly Rule[]> {
  const rows = await sql<(Rule & { own: boolean })[]>`
    SELECT name, by, tolerance, window_days AS "windowDays", provider IS NOT NULL AS own FROM matching_rules
    WHERE provider = ${provider} OR provider IS NULL ORDER BY position, id LIMIT 100`;
  const own = rows.filter((row) => row.own);
  if (own.length > 0) return own;
  return rows.length > 0 ? rows : defaults;
}

/** How many days a line may take, by the most patient rule: until then nothing is missing. */
export function patienceOf(rules: readonly Rule[]): number {
  return Math.max(...rules.map(({ windowDays }) => windowDays));
}
