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

/** Attempts of one card at one merchant; nobody needs to know of more than so many. */
export interface Attempts {
  merchantId: string;
  fingerprint: string;
  since: Date;
  atMost: number;
}

export type CountAttempts = (of: Attempts) => Promise<number>;

/** Counts for many who ask, by place. */
export async function countAttempts(sql: RawSql, asked: readonly Attempts[]): Promise<number[]> {
  const rows = await sql<{ attempts: number }[]>`
    SELECT (SELECT count(*)::int FROM (
      SELECT 1 FROM risk_verdicts v
      WHERE v.merchant_id = a."merchantId" AND v.fingerprint = a.fingerprint AND v.at > a.since
      LIMIT a."atMost") AS recent) AS attempts
    FROM json_to_recordset(${JSON.stringify(asked.map((one, n) => ({ n, ...one })))}::text::json)
      AS a (n int, "merchantId" uuid, fingerprint text, since timestamptz, "atMost" int)
    ORDER BY a.n`;
  return rows.map(({ attempts }) => attempts);
}

type Asked = Question & { now: Date };

/** What each rule has to say against the payment; silence is approval. */
export async function judge(count: CountAttempts, rules: Rule[], asked: Asked): Promise<Finding[]> {
  const findings = await Promise.all(
    rules.map((rule) => (rule.kind === 'amount' ? judgeAmount(rule, asked) : judgeVelocity(count, rule, asked))),
  );
  return findings.filter((finding) => finding !== undefined);
}

function judgeAmount(rule: z.infer<typeof amountRule>, asked: Question): Finding | undefined {
  const limit = rule.limits[asked.currency];
  if (limit === undefined || asked.amount <= limit) return undefined;
  const shown = formatMoney({ amount: limit, currency: asked.currency });
  return { rule: 'amount', says: `The amount is above the limit of ${shown}.`, weight: rule.weight };
}

async function judgeVelocity(count: CountAttempts, rule: z.infer<typeof velocityRule>, asked: Asked) {
  const { merchantId, fingerprint, now } = asked;
  const since = new Date(now.getTime() - rule.seconds * 1000);
  const attempts = await count({ merchantId, fingerprint, since, atMost: rule.attempts });
  if (attempts < rule.attempts) return undefined;
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
