import { z } from 'zod';
import type { RawSql } from '#db/client.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { formatMoney } from '#server/kernel/money.ts';
import type { Question } from './verdict.ts';

const amountRule = z.object({
  kind: z.literal('amount'),
  /** Minor units by currency: more than this is too much. */
  limits: z.record(z.string(), z.coerce.bigint()),
  weight: z.number().int().min(1).max(100),
});

const velocityRule = z.object({
  kind: z.literal('velocity'),
  /** At most so many attempts of one card within so many seconds. */
  attempts: z.number().int().min(1),
  seconds: z.number().int().min(1),
  weight: z.number().int().min(1).max(100),
});

/** What `risk_rules.settings` may hold, with the row's kind. */
export const ruleShape = z.discriminatedUnion('kind', [amountRule, velocityRule]);
export type Rule = z.infer<typeof ruleShape>;

export interface Finding {
  rule: string;
  says: string;
  weight: number;
}

/**
 * A merchant's enabled rules. @throws ZodError where a stored rule is malformed: a rule is never skipped in silence.
 */
export async function readRules(sql: RawSql, merchantId: string): Promise<Rule[]> {
  const rows = await sql`
    SELECT kind, settings FROM risk_rules WHERE merchant_id = ${merchantId} AND enabled ORDER BY id LIMIT 200`;
  return rows.map((row) => ruleShape.parse({ ...row.settings, kind: row.kind }));
}

/** What each rule has to say against the payment; silence is approval. */
export async function judge(sql: RawSql, rules: Rule[], asked: Question & { now: Date }): Promise<Finding[]> {
  const findings = await Promise.all(
    rules.map((rule) => (rule.kind === 'amount' ? judgeAmount(rule, asked) : judgeVelocity(sql, rule, asked))),
  );
  return findings.filter((finding) => finding !== undefined);
}

function judgeAmount(rule: z.infer<typeof amountRule>, asked: Question): Finding | undefined {
  const limit = rule.limits[asked.currency];
  if (limit === undefined || asked.amount <= limit) return undefined;
  const shown = formatMoney({ amount: limit, currency: asked.currency });
  return { rule: 'amount', says: `The amount is above the limit of ${shown}.`, weight: rule.weight };
}

async function judgeVelocity(sql: RawSql, rule: z.infer<typeof velocityRule>, asked: Question & { now: Date }) {
  const since = new Date(asked.now.getTime() - rule.seconds * 1000);
  const rows = await sql<{ attempts: bigint }[]>`
    SELECT count(*) AS attempts FROM (
      SELECT 1 FROM risk_verdicts
      WHERE merchant_id = ${asked.merchantId} AND fingerprint = ${asked.fingerprint} AND at > ${since}
      LIMIT ${rule.attempts}) AS recent`;
  if (Number(rows[0]?.attempts ?? 0) < rule.attempts) return undefined;
  const says = `This card was tried ${rule.attempts} times or more within ${rule.seconds} seconds.`;
  return { rule: 'velocity', says, weight: rule.weight };
}

export async function countRules(sql: RawSql, merchantId: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`SELECT count(*)::int AS n FROM risk_rules WHERE merchant_id = ${merchantId}`;
  return row?.n ?? 0;
}

/** @throws ZodError where the rule is malformed. */
export async function addRule(
  sql: RawSql,
  { clock, ids }: { clock: Clock; ids: Ids },
  { merchantId, rule }: { merchantId: string; rule: Rule },
): Promise<void> {
  const { kind, ...settings } = ruleShape.parse(rule);
  const text = JSON.stringify(settings, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
  await sql`
    INSERT INTO risk_rules (id, merchant_id, kind, settings, enabled, created_at)
    VALUES (${ids()}, ${merchantId}, ${kind}, ${text}::text::jsonb, true, ${clock.now()})`;
}
