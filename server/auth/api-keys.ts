import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { apiKeys } from '#db/schema/auth.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Random, sha256, unguessable } from '#server/kernel/secret.ts';
import type { Caller, Mode } from './caller.ts';

const form = /^sk_(test|live)_[\w-]{22,80}$/;

/** A new secret key, `sk_test_…` or `sk_live_…`, of 192 random bits: shown once, kept by nobody. */
export function makeApiKey(random: Random, mode: Mode): string {
  return `sk_${mode}_${unguessable(random)}`;
}

/** Lets a key in. Knows a key that it has seen before, so that a seed may run at every start. */
export async function addApiKey(
  db: Database,
  { clock, ids }: { clock: Clock; ids: Ids },
  { merchantId, text }: { merchantId: string; text: string },
): Promise<void> {
  const mode = form.exec(text)?.[1];
  invariant(mode === 'test' || mode === 'live', 'a secret key has the form that makeApiKey gives it');
  const row = {
    id: ids(),
    merchantId,
    mode,
    hash: hashOf(text),
    last4: text.slice(-4),
    createdAt: clock.now(),
  } as const;
  await db.insert(apiKeys).values(row).onConflictDoNothing({ target: apiKeys.hash });
}

/** From now on the key is refused, for good. */
export async function revokeApiKey(
  db: Database,
  { clock }: { clock: Clock },
  { merchantId, keyId }: { merchantId: string; keyId: string },
): Promise<void> {
  await db
    .update(apiKeys)
    .set({ revokedAt: clock.now() })
    .where(and(eq(apiKeys.id, keyId), eq(apiKeys.merchantId, merchantId), isNull(apiKeys.revokedAt)));
}

/**
 * Whose key this is. It is looked up by its hash, so that no comparison's time depends on how much of a guess is right.
 *
 * @throws Refusal `unauthenticated` for a malformed, unknown or revoked key, all in the same words.
 */
export async function callerOfKey(db: Database, text: string): Promise<Extract<Caller, { kind: 'merchant_key' }>> {
  const [key] = form.test(text)
    ? await db
        .select({ id: apiKeys.id, merchantId: apiKeys.merchantId, mode: apiKeys.mode })
        .from(apiKeys)
        .where(and(eq(apiKeys.hash, hashOf(text)), isNull(apiKeys.revokedAt)))
    : [];
  if (!key) throw new Refusal('unauthenticated', `Invalid API Key provided: ${masked(text)}`);
  return { kind: 'merchant_key', merchantId: key.merchantId, keyId: key.id, mode: key.mode };
}

/** Enough to see which key it was; nothing of a text too short to spare four characters. */
function masked(text: string): string {
  const prefix = /^[sr]k_(test|live)_/.exec(text)?.[0] ?? '';
  return `${prefix}****${text.length - prefix.length >= 16 ? text.slice(-4) : ''}`;
}

function hashOf(text: string): string {
  return sha256(text).toString('hex');
}
