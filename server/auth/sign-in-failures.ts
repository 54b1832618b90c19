import { isIPv6 } from 'node:net';
import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { signInFailures } from '#db/schema/auth.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { sha256 } from '#server/kernel/secret.ts';

/**
 * How many failures in a row before 30 minutes of silence. An address has more than an account, because an office
 * shares one and would otherwise be locked out by one forgetful person.
 *
 * @see PCI DSS 4.0.1, 8.3.4: lock after at most 10, for at least 30 minutes.
 */
export const limits = { account: 10, address: 30 } as const;
export const silence = 30 * 60_000;

/** Who tries, from where: the two things that failures are counted by. */
export interface Attempt {
  email: string;
  /** The client's IP address, from a trusted hop. */
  address: string;
}

/**
 * Counts an attempt as a failure before its password is looked at, so that a hundred guesses sent at once are a hundred
 * failures; `forgive` takes it back. While silenced, nothing is counted: trying on does not prolong the silence.
 *
 * @throws Refusal `throttled`, in the same words for accounts that exist and that don't.
 */
export async function countAttempt(db: Database, now: Date, attempt: Attempt): Promise<void> {
  const keys = keysOf(attempt);
  const before = await db
    .select({ key: signInFailures.key, failures: signInFailures.failures })
    .from(signInFailures)
    .where(and(inArray(signInFailures.key, keys), gt(signInFailures.until, now)));
  if (before.some((row) => row.failures >= limitOf(row.key))) throw silenced();
  const until = new Date(now.getTime() + silence);
  const after = await db
    .insert(signInFailures)
    // Always account, then address: two attempts never wait for each other in a circle.
    .values(keys.map((key) => ({ key, failures: 1, until })))
    .onConflictDoUpdate({
      target: signInFailures.key,
      set: {
        failures: sql`CASE WHEN ${lte(signInFailures.until, now)} THEN 1 ELSE ${signInFailures.failures} + 1 END`,
        until,
      },
    })
    .returning({ key: signInFailures.key, failures: signInFailures.failures });
  if (after.some((row) => row.failures > limitOf(row.key))) throw silenced();
}

/** The attempt was right: the account starts anew, the address gets its attempt back. Sweeps stale rows. */
export async function forgive(db: Database, now: Date, attempt: Attempt): Promise<void> {
  const [account, address] = keysOf(attempt);
  await db.delete(signInFailures).where(eq(signInFailures.key, account));
  await db
    .update(signInFailures)
    .set({ failures: sql`${signInFailures.failures} - 1` })
    .where(and(eq(signInFailures.key, address), gt(signInFailures.failures, 0)));
  const stale = db
    .select({ key: signInFailures.key })
    .from(signInFailures)
    .where(lte(signInFailures.until, now))
    .limit(100)
    .for('update', { skipLocked: true });
  await db.delete(signInFailures).where(inArray(signInFailures.key, stale));
}

function silenced(): Refusal {
  return new Refusal('throttled', 'Too many attempts. Try again in 30 minutes.');
}

function limitOf(key: string): number {
  return key.startsWith('account:') ? limits.account : limits.address;
}

/** The email is hashed: people type passwords into the wrong field. */
function keysOf({ email, address }: Attempt): [string, string] {
  return [`account:${sha256(email).toString('hex')}`, `address:${network(address)}`];
}

/** One customer of a provider: an IPv4 address, or the /64 that an IPv6 customer has all of. */
function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').slice(0, 64);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = tail ? Array(8 - head.length - tail.length).fill('0') : [];
  return `${[...head, ...zeros, ...(tail ?? [])].slice(0, 4).join(':')}::/64`;
}
