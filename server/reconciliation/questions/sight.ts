import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { isOnlyMerchant } from '#server/auth/merchants.ts';
import { requirePermission } from '#server/auth/permissions.ts';

/** Who looks, and whether whole files and what is nobody's are theirs to see. */
export interface Sight {
  merchantId: string;
  whole: boolean;
}

/**
 * A file speaks of all merchants at once, and a line may be found to be nobody’s. That is a merchant’s to see
 * only where there is no other.
 *
 * @throws Refusal `forbidden`.
 */
export async function sightOf(sql: RawSql, caller: Caller): Promise<Sight> {
  requirePermission(caller, 'reconciliation:read');
  return { merchantId: caller.merchantId, whole: await isOnlyMerchant(sql, caller.merchantId) };
}

/** Which rows with a `merchant_id` may be known of. */
export function seenBy(sql: RawSql, { merchantId, whole }: Sight) {
  return whole ? sql`(merchant_id = ${merchantId} OR merchant_id IS NULL)` : sql`merchant_id = ${merchantId}`;
}
