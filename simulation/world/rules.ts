import type { RawSql } from '#db/client.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import type { Random } from '#server/kernel/secret.ts';
import { addRule } from '#server/risk/rules.ts';
import { rejectAbove } from '../plans/payments.ts';

/** Before anybody pays: every merchant's rule of what is too much, which together with that of reviews is a no. */
export async function addRejection(sql: RawSql, random: Random): Promise<void> {
  const clock = { ...systemClock, now: () => new Date('2026-03-01T12:00:00Z') };
  const ids = uuidv7({ now: clock.now, random });
  const limits = Object.fromEntries(['EUR', 'USD', 'JPY'].map((currency) => [currency, BigInt(rejectAbove)]));
  const merchants = await sql<{ id: string }[]>`SELECT id FROM merchants ORDER BY id`;
  for (const { id: merchantId } of merchants) {
    await addRule(sql, { clock, ids }, { merchantId, rule: { kind: 'amount', limits, weight: 30 } });
  }
}
