import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { staff } from '#db/schema/auth.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { isPassword, nobodysHash } from './passwords.ts';
import { countAttempt, forgive } from './sign-in-failures.ts';
import { emailOf } from './staff.ts';
import { openSession } from './staff-sessions.ts';

export interface Credentials {
  email: string;
  password: string;
  /** The client's IP address, from a trusted hop. */
  address: string;
}

/**
 * Opens a session for the owner of an email and a password. An unknown account, a wrong password and a disabled account
 * give the same words after the same work, so that nobody learns here who has an account.
 *
 * @returns  The new session's id: see `callerOfSession`.
 * @throws   Refusal `unauthenticated`; Refusal `throttled` after too many failures of the account or from the address.
 * @see      PCI DSS 4.0.1, 10.2.1.4 and 10.2.2: every invalid attempt is logged with who, when and from where.
 */
export async function signIn(
  db: Database,
  { clock, random, log }: { clock: Clock; random: Random; log: Log },
  { email, password, address }: Credentials,
): Promise<string> {
  const attempt = { email: emailOf(email), address };
  const about = { action: 'sign_in', client: address };
  await countAttempt(db, clock.now(), attempt).catch((no: unknown) => {
    if (no instanceof Refusal) log.warn({ ...about, reason: 'throttled' }, 'sign-in refused');
    throw no;
  });
  const [person] = await db
    .select({
      id: staff.id,
      merchantId: staff.merchantId,
      passwordHash: staff.passwordHash,
      disabledAt: staff.disabledAt,
    })
    .from(staff)
    .where(eq(staff.email, attempt.email));
  const matches = await isPassword(person?.passwordHash ?? nobodysHash, password);
  const who = { staff: person?.id, merchant: person?.merchantId };
  if (!person || !matches || person.disabledAt) {
    const reason = !person ? 'unknown_account' : matches ? 'disabled' : 'wrong_password';
    log.warn({ ...about, ...who, reason }, 'sign-in refused');
    throw new Refusal('unauthenticated', 'Email or password is wrong.');
  }
  await forgive(db, clock.now(), attempt);
  const sessionId = await openSession(db, { clock, random }, person.id);
  log.info({ ...about, ...who }, 'signed in');
  return sessionId;
}
