import { openDatabase } from '#db/client.ts';
import { addApiKey, makeApiKey } from '#server/auth/api-keys.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { addRule } from '#server/routing/rules.ts';

export interface Merchant {
  id: string;
  key: string;
}

const ids = uuidv7({ now: clock.now, random: systemRandom });
const names = ['Harbour Goods', 'Hill Farm'];

/** Two merchants whose payments go to both acquirers alike. */
export async function addMerchants(ownerUrl: string): Promise<Merchant[]> {
  const { db, sql, close } = openDatabase({ url: ownerUrl, application: 'chaos' });
  try {
    const merchants: Merchant[] = [];
    for (const name of names) {
      const merchant = { id: ids(), key: makeApiKey(systemRandom, 'test') };
      await addMerchant(db, { clock }, { id: merchant.id, name, currency: 'EUR' });
      await addApiKey(db, { clock, ids }, { merchantId: merchant.id, text: merchant.key });
      const rule = { position: 1, conditions: {}, choice: { by: 'share' as const, shares: { alder: 1, birch: 1 } } };
      await addRule(sql, { clock, ids }, { merchantId: merchant.id, rule });
      merchants.push(merchant);
    }
    return merchants;
  } finally {
    await close();
  }
}
