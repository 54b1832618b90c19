import { eq } from 'drizzle-orm';
import type { Database, RawSql } from '#db/client.ts';
import { merchants } from '#db/schema/auth.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { type Currency, requireCurrency } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';

export interface Merchant {
  id: string;
  name: string;
  /** What a new payment is in where nothing else is said. */
  currency: Currency;
}

/** @throws Refusal `not_found`. */
export async function readMerchant(db: Database, merchantId: string): Promise<Merchant> {
  const [row] = await db
    .select({ id: merchants.id, name: merchants.name, currency: merchants.currency })
    .from(merchants)
    .where(eq(merchants.id, merchantId));
  if (!row) throw new Refusal('not_found', 'No such merchant');
  return { ...row, currency: requireCurrency(row.currency) };
}

/** Makes a merchant under a given id; does nothing where it exists, so that a seed may run at every start. */
export async function addMerchant(db: Database, { clock }: { clock: Clock }, merchant: Merchant): Promise<void> {
  const { id, name, currency } = merchant;
  await db.insert(merchants).values({ id, name, currency, createdAt: clock.now() }).onConflictDoNothing();
}

/** Whether this installation serves one merchant, and it is this one: what is nobody's is that one's business then. */
export async function isOnlyMerchant(sql: RawSql, merchantId: string): Promise<boolean> {
  const [first, second] = await sql<{ id: string }[]>`SELECT id FROM merchants LIMIT 2`;
  return first?.id === merchantId && !second;
}
