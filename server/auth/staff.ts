import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { staff } from '#db/schema/auth.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Role } from './caller.ts';
import { hashPassword } from './passwords.ts';

export interface NewStaff {
  merchantId: string;
  email: string;
  name: string;
  role: Role;
  password: string;
}

/**
 * Lets a person in; does nothing where the merchant already has them, so that a seed may run at every start.
 *
 * @throws Refusal `invalid_input` for a password that is too weak, or an address that another merchant's staff has.
 */
export async function addStaff(
  db: Database,
  { clock, ids }: { clock: Clock; ids: Ids },
  { merchantId, email, name, role, password }: NewStaff,
): Promise<void> {
  const address = emailOf(email);
  const known = () => db.select({ merchantId: staff.merchantId }).from(staff).where(eq(staff.email, address));
  // Asked first, because a hash is made to be slow.
  if ((await known()).length === 0) {
    const passwordHash = await hashPassword(password);
    const row = { id: ids(), merchantId, email: address, name, role, passwordHash, createdAt: clock.now() };
    await db.insert(staff).values(row).onConflictDoNothing({ target: staff.email });
  }
  const [holder] = await known();
  if (holder?.merchantId !== merchantId) {
    throw new Refusal('invalid_input', 'This address is taken. Use another one.', { param: 'email' });
  }
}

/** The person may no longer sign in, and every session of theirs is dead at its next request. */
export async function disableStaff(
  db: Database,
  { clock }: { clock: Clock },
  { merchantId, staffId }: { merchantId: string; staffId: string },
): Promise<void> {
  await db
    .update(staff)
    .set({ disabledAt: clock.now() })
    .where(and(eq(staff.id, staffId), eq(staff.merchantId, merchantId), isNull(staff.disabledAt)));
}

/** Names of a merchant's staff by their ids, for the "who" of a timeline. Takes at most a page of ids. */
export async function staffNames(
  db: Database,
  { merchantId, ids }: { merchantId: string; ids: string[] },
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: staff.id, name: staff.name })
    .from(staff)
    .where(and(eq(staff.merchantId, merchantId), inArray(staff.id, ids)));
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Who of a merchant's staff may sign in, by name: those whom work can be given to. At most 200. */
export function colleagues(
  db: Database,
  { merchantId }: { merchantId: string },
): Promise<{ id: string; name: string; role: Role }[]> {
  return db
    .select({ id: staff.id, name: staff.name, role: staff.role })
    .from(staff)
    .where(and(eq(staff.merchantId, merchantId), isNull(staff.disabledAt)))
    .orderBy(asc(staff.name), asc(staff.id))
    .limit(200);
}

/** The one spelling under which an address is stored and looked up; without the control characters no column takes. */
export function emailOf(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .toLowerCase()
    .slice(0, 254);
}
