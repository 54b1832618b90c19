import type { RawSql } from '#db/client.ts';
import { recent } from '#db/recent.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Health, Offer, Wish } from './candidate.ts';
import { type Plan, plan } from './plan.ts';
import { readRules } from './rules.ts';

/** Rules change seldom and are asked on every payment. */
const rulesKept = { lifetime: 5_000, most: 1_000 };

export interface RoutingSeams {
  sql: RawSql;
  clock: Clock;
  /** What the operator set up; a provider that is not listed takes every currency and costs nothing. */
  offers: readonly Offer[];
}

export interface Routing {
  /**
   * Who shall be asked for this payment; a question, it writes nothing.
   *
   * @param health  As `providers.health()` tells it, in the operator's order.
   * @throws        Refusal `currency_unsupported`.
   */
  plan(wish: Wish & { merchantId: string }, health: readonly Health[]): Promise<Plan>;
}

/** `plan` with the merchant's rules in it. */
export function makeRouting({ sql, clock, offers }: RoutingSeams): Routing {
  const rulesOf = recent((merchantId) => readRules(sql, merchantId), { clock, ...rulesKept });
  const known = new Map(offers.map((offer) => [offer.name, offer]));

  return {
    async plan(wish, health) {
      const candidates = health.map((one) => ({ feeBasisPoints: 0, feeFixed: 0, ...known.get(one.name), ...one }));
      return plan(wish, candidates, await rulesOf(wish.merchantId));
    },
  };
}
