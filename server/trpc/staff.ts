import type { Database } from '#db/client.ts';
import { readMerchant } from '#server/auth/merchants.ts';
import { signIn } from '#server/auth/sign-in.ts';
import { colleagues, staffNames } from '#server/auth/staff.ts';
import { callerOfSession, revokeSession } from '#server/auth/staff-sessions.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import type { Staff } from './rooms.ts';

/** The auth room's verbs over one database. */
export function makeStaff(db: Database, { clock, random, log }: { clock: Clock; random: Random; log: Log }): Staff {
  return {
    signIn: (credentials) => signIn(db, { clock, random, log }, credentials),
    signOut: (sessionId) => revokeSession(db, { clock }, sessionId),
    caller: (sessionId) => callerOfSession(db, { clock }, sessionId),
    names: ({ merchantId }, ids) => staffNames(db, { merchantId, ids }),
    colleagues: ({ merchantId }) => colleagues(db, { merchantId }),
    merchant: ({ merchantId }) => readMerchant(db, merchantId),
  };
}
