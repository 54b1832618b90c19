import { openDatabase } from '#db/client.ts';
import { addApiKey, callerOfKey, makeApiKey } from '#server/auth/api-keys.ts';
import type { Caller } from '#server/auth/caller.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { addRule } from '#server/risk/rules.ts';

export interface Merchant {
  id: string;
  key: string;
  caller: Extract<Caller, { kind: 'merchant_key' }>;
}

export const ids = uuidv7({ now: clock.now, random: systemRandom });

/** Merchants with a key each, and the two risk rules that the demo merchant has: one of amount, one that counts. */
export async function addMerchants(ownerUrl: string, count: number): Promise<[Merchant, ...Merchant[]]> {
  const { db, sql, close } = openDatabase({ url: ownerUrl, application: 'bench' });
  const add = async (n: number): Promise<Merchant> => {
    const id = ids();
    const key = makeApiKey(systemRandom, 'test');
    await addMerchant(db, { clock }, { id, name: `Merchant ${n}`, currency: 'EUR' });
    await addApiKey(db, { clock, ids }, { merchantId: id, text: key });
    await addRule(
      sql,
      { clock, ids },
      { merchantId: id, rule: { kind: 'amount', limits: { EUR: 500_000n }, weight: 100 } },
    );
    const velocity = { kind: 'velocity', attempts: 2_000, seconds: 3_600, weight: 100 } as const;
    await addRule(sql, { clock, ids }, { merchantId: id, rule: velocity });
    return { id, key, caller: await callerOfKey(db, key) };
  };
  try {
    const first = await add(1);
    const others = [];
    for (let n = 2; n <= count; n++) others.push(await add(n));
    return [first, ...others];
  } finally {
    await close();
  }
}
