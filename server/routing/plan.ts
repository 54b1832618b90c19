import { invariant } from '#server/kernel/invariant.ts';
import type { Currency } from '#server/kernel/money.ts';

export interface Wish {
  amount: bigint;
  currency: Currency;
  brand: string;
}

/** Ordered providers to try for one payment, and why in this order, in words for the timeline. */
export interface Plan {
  providers: [string, ...string[]];
  reason: string;
}

/** A provider as routing sees it; its health is handed in as data. */
export interface Candidate {
  name: string;
  /** Empty: every currency. */
  currencies: readonly Currency[];
  healthy: boolean;
}

/** Which providers to try, healthy ones first, otherwise in the operator's order. Pure: what it knows it was handed. */
export function plan(wish: Wish, candidates: readonly Candidate[]): Plan {
  const able = candidates.filter(({ currencies }) => currencies.length === 0 || currencies.includes(wish.currency));
  const ordered = [...able.filter(({ healthy }) => healthy), ...able.filter(({ healthy }) => !healthy)];
  const [first, ...rest] = ordered.map(({ name }) => name);
  invariant(first, `a provider that takes ${wish.currency}`);
  const why = ordered[0]?.healthy
    ? 'first healthy provider in the configured order'
    : 'no provider is healthy; first in order';
  return { providers: [first, ...rest], reason: `${first}: ${why}` };
}
