import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { staff, staffSessions } from '#db/schema/auth.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Random, sha256, unguessable } from '#server/kernel/secret.ts';
import type { Caller } from './caller.ts';

export type StaffCaller = Extract<Caller, { kind: 'staff' }>;

/** Milliseconds. @see PCI DSS 4.0.1, 8.2.8: 15 minutes idle. ASVS 5.0, 7.3.2: and an absolute end. */
export const idleLimit = 15 * 60_000;
export const absoluteLimit = 12 * 60 * 60_000;

/** A session is seen at most this often in the database, so that a page of ten queries writes one row once. */
const seenEvery = 30_000;

/** @returns The session's id: 256 random bits, which the browser keeps and the database does not know. */
export async function openSession(
  db: Database,
  { clock, random }: { clock: Clock; random: Random },
  staffId: string,
): Promise<string> {
  const now = clock.now();
  const sessionId = unguessable(random, 32);
  await db.delete(staffSessions).where(and(eq(staffSessions.staffId, staffId), lt(staffSessions.expiresAt, now)));
  await db.insert(staffSessions).values({
    idHash: hashOf(sessionId),
    staffId,
    createdAt: now,
    seenAt: now,
    expiresAt: new Date(now.getTime() + absoluteLimit),
  });
  return sessionId;
}

/**
 * Who sits behind a session, read anew at every call: a changed role or a disabled account counts at the next request.
 *
 * @throws Refusal `unauthenticated` when the session is unknown, idle, over, revoked, or its owner disabled.
 */
export async function callerOfSession(
  db: Database,
  { clock }: { clock: Clock },
  sessionId: string,
): Promise<StaffCaller> {
  const now = clock.now();
  const [row] = await db
    .select({
      staffId: staff.id,
      merchantId: staff.merchantId,
      name: staff.name,
      role: staff.role,
      seenAt: staffSessions.seenAt,
    })
    .from(staffSessions)
    .innerJoin(staff, eq(staff.id, staffSessions.staffId))
    .where(and(isAlive(sessionId, now), isNull(staff.disabledAt)));
  if (!row) throw new Refusal('unauthenticated', 'Your session has ended. Sign in again.');
  const { seenAt, ...caller } = row;
  if (now.getTime() - seenAt.getTime() >= seenEvery) {
    await db
      .update(staffSessions)
      .set({ seenAt: now })
      .where(and(isAlive(sessionId, now), lt(staffSessions.seenAt, now)));
  }
  return { kind: 'staff', ...caller };
}

/** Signs out. A session that is over stays over, whoever asks. */
export async function revokeSession(db: Database, { clock }: { clock: Clock }, sessionId: string): Promise<void> {
  const now = clock.now();
  await db.update(staffSessions).set({ revokedAt: now }).where(isAlive(sessionId, now));
}

function isAlive(sessionId: string, now: Date) {
  return and(
    eq(staffSessions.idHash, hashOf(sessionId)),
    isNull(staffSessions.revokedAt),
    gt(staffSessions.expiresAt, now),
    gt(staffSessions.seenAt, new Date(now.getTime() - idleLimit)),
  );
}

function hashOf(sessionId: string): string {
  return sha256(sessionId).toString('hex');
}
