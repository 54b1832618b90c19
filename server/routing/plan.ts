import { Refusal } from '#server/kernel/refusal.ts';
import type { Candidate, Wish } from './candidate.ts';
import { order } from './order.ts';
import { applies, conditionsInWords, namedBy, type Rule } from './rules.ts';

export type { Candidate, Health, Offer, Wish } from './candidate.ts';

/** Who shall be asked, and why, in words for the timeline. */
export interface Plan {
  /** To be tried in this order. Empty: nobody takes charges at the moment, and the payment waits. */
  providers: string[];
  reason: string;
  /** Those that could have been asked, and why they are not. */
  skipped: { provider: string; why: string }[];
}

/**
 * Which providers to try, in which order. The merchant's first rule that fits this payment decides, without one the
 * operator's order does; whose breaker is open is left out. Pure: the same facts give the same plan.
 *
 * @param candidates  In the operator's order.
 * @param rules       In the merchant's order.
 * @throws            Refusal `currency_unsupported` where no provider takes the currency, however healthy.
 */
export function plan(wish: Wish, candidates: readonly Candidate[], rules: readonly Rule[] = []): Plan {
  const able = candidates.filter(
    ({ currencies = [] }) => currencies.length === 0 || currencies.includes(wish.currency),
  );
  if (able.length === 0) {
    const message = `No payment provider takes ${wish.currency}.`;
    throw new Refusal('currency_unsupported', message, { param: 'currency' });
  }
  // A rule that names nobody who could do it leads nowhere: the next one is asked.
  const rule = rules.find((one) => applies(one, wish) && able.some(namedBy(one)));
  const ordered = rule ? order(rule.choice, able.filter(namedBy(rule)), wish) : able;
  const providers = ordered.filter(({ charges }) => charges !== 'open');
  const skipped = candidates
    .filter((one) => !providers.includes(one))
    .map((one) => ({ provider: one.name, why: whySkipped(one, { able, ordered }) }));
  return { providers: providers.map(({ name }) => name), reason: inWords({ providers, skipped, rule }), skipped };
}

function whySkipped(one: Candidate, { able, ordered }: { able: readonly Candidate[]; ordered: readonly Candidate[] }) {
  if (!able.includes(one)) return 'does not take the currency';
  return ordered.includes(one) ? 'charges there are stopped' : 'not named by the rule';
}

const choices = {
  order: 'in the rule’s order',
  share: 'by share',
  cost: 'the cheapest first',
  success: 'the most successful first',
} satisfies Record<Rule['choice']['by'], string>;

interface Chosen {
  providers: readonly Candidate[];
  skipped: Plan['skipped'];
  rule: Rule | undefined;
}

/** Such as "birch: rule 2 (EUR, visa), the cheapest first; alder: charges there are stopped". */
function inWords({ providers, skipped, rule }: Chosen): string {
  const [first] = providers;
  const name = first ? first.name : 'nobody';
  const by = rule
    ? `rule ${rule.position}${conditionsInWords(rule)}, ${choices[rule.choice.by]}`
    : 'in the operator’s order';
  const trial = first?.charges === 'half_open' ? ['charges there are being tried again'] : [];
  const others = skipped.map(({ provider, why }) => `${provider}: ${why}`);
  return [`${name}: ${by}`, ...trial, ...others].join('; ');
}
