import { type Random, unguessable } from '#server/kernel/secret.ts';
import type { VaultSql } from './database.ts';

/**
 * The merchant's name for a card: the same card gets the same name, another merchant gets another one, and the name is
 * random, so that nothing outside the vault is derived from a card number.
 */
export async function fingerprintOf(
  sql: VaultSql,
  { merchantId, mac, random }: { merchantId: string; mac: Buffer; random: Random },
): Promise<string> {
  const find = () => sql<{ fingerprint: string }[]>`
    SELECT fingerprint FROM fingerprints WHERE merchant_id = ${merchantId} AND mac = ${mac}`;
  const [known] = await find();
  if (known) return known.fingerprint;
  const fresh = unguessable(random, 16);
  const made = await sql`
    INSERT INTO fingerprints (merchant_id, mac, fingerprint) VALUES (${merchantId}, ${mac}, ${fresh})
    ON CONFLICT (merchant_id, mac) DO NOTHING RETURNING fingerprint`;
  if (made.length > 0) return fresh;
  // Somebody else named it between the two statements.
  const [theirs] = await find();
  return theirs?.fingerprint ?? fresh;
}
