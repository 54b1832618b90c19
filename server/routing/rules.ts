import { z } from 'zod';
import type { RawSql } from '#db/client.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { isCurrency } from '#server/kernel/money.ts';
import type { Candidate, Wish } from './candidate.ts';

const currency = z.string().refine(isCurrency, 'an ISO 4217 code');
const provider = z.string().min(1).max(40);
const providers = z.array(provider).min(1).max(20);
/** Minor units; written as text, since JSON knows no large integers. */
const minorUnits = z.coerce.bigint().min(0n);

/** What must be true of a payment; what is left out does not matter. */
const conditions = z
  .strictObject({
    currencies: z.array(currency).min(1).optional(),
    brands: z.array(z.string().min(1)).min(1).optional(),
    /** ISO 3166-1 alpha-2, of the card's issuer. Not known is none of them. */
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/))
      .min(1)
      .optional(),
    amount: z.strictObject({ from: minorUnits.optional(), below: minorUnits.optional() }).optional(),
  })
  .refine(
    ({ amount, currencies }) => amount === undefined || currencies?.length === 1,
    'an amount says nothing without its one currency',
  );

/** Who shall be asked, and who first. Where nobody is named, all are meant. */
const choice = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('order'), providers }),
  /** Of a hundred payments, or of however many the shares add up to. */
  z.strictObject({
    by: z.literal('share'),
    shares: z.record(provider, z.int().min(1)).refine((shares) => Object.keys(shares).length > 0, 'at least one share'),
  }),
  z.strictObject({ by: z.literal('cost'), providers: providers.optional() }),
  z.strictObject({ by: z.literal('success'), providers: providers.optional() }),
]);

export const ruleShape = z.object({ position: z.int().min(1), conditions, choice });
export type Rule = z.infer<typeof ruleShape>;
export type Choice = Rule['choice'];

export function applies({ conditions }: Rule, wish: Wish): boolean {
  const { currencies, brands, countries, amount } = conditions;
  return (
    (currencies?.includes(wish.currency) ?? true) &&
    (brands?.includes(wish.brand) ?? true) &&
    (countries === undefined || (wish.country !== undefined && countries.includes(wish.country))) &&
    (amount?.from === undefined || wish.amount >= amount.from) &&
    (amount?.below === undefined || wish.amount < amount.below)
  );
}

/** Whether a rule means this provider. */
export function namedBy({ choice }: Rule): (candidate: Pick<Candidate, 'name'>) => boolean {
  const names = choice.by === 'share' ? Object.keys(choice.shares) : choice.providers;
  return ({ name }) => names?.includes(name) ?? true;
}

/** For the timeline: " (EUR, visa)", or nothing where the rule is for every payment. */
export function conditionsInWords({ conditions }: Rule): string {
  const { currencies = [], brands = [], countries = [], amount } = conditions;
  const from = amount?.from === undefined ? [] : [`from ${amount.from}`];
  const below = amount?.below === undefined ? [] : [`below ${amount.below}`];
  const all = [...currencies, ...from, ...below, ...brands, ...countries];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}

/**
 * A merchant's enabled rules, in order. @throws ZodError where a stored rule is malformed: none is skipped in silence.
 */
export async function readRules(sql: RawSql, merchantId: string): Promise<Rule[]> {
  const rows = await sql`
    SELECT position, conditions, choice FROM routing_rules
    WHERE merchant_id = ${merchantId} AND enabled ORDER BY position LIMIT 200`;
  return rows.map((row) => ruleShape.parse(row));
}

/** @throws ZodError where the rule is malformed. */
export async function addRule(
  sql: RawSql,
  { clock, ids }: { clock: Clock; ids: Ids },
  { merchantId, rule }: { merchantId: string; rule: z.input<typeof ruleShape> },
): Promise<void> {
  const { position, conditions, choice } = ruleShape.parse(rule);
  const text = JSON.stringify(conditions, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
  await sql`
    INSERT INTO routing_rules (id, merchant_id, position, conditions, choice, enabled, created_at)
    VALUES (${ids()}, ${merchantId}, ${position}, ${text}::text::jsonb, ${JSON.stringify(choice)}::text::jsonb, true,
            ${clock.now()})`;
}

export async function countRules(sql: RawSql, merchantId: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    SELECT count(*)::int AS n FROM routing_rules WHERE merchant_id = ${merchantId}`;
  return row?.n ?? 0;
}
