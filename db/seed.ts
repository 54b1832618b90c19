import { addApiKey } from '#server/auth/api-keys.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { addStaff } from '#server/auth/staff.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { BadSettings, readEnv, secretText, secretUrl } from '#server/kernel/env.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { addRule, countRules } from '#server/risk/rules.ts';
import { addRule as addRoutingRule, countRules as countRoutingRules } from '#server/routing/rules.ts';
import { openDatabase } from './client.ts';
import { demoMerchantId as merchantId } from './demo-merchant.ts';

/** Fills an empty database with a merchant that sells, and people who look after it; changes nothing that is there. */
async function main(): Promise<void> {
  const env = readEnv({
    FLORIN_ADMIN_DATABASE_URL: { read: secretUrl, purpose: 'the URL of a role that may write the tables' },
    FLORIN_SHOP_SECRET_KEY: { read: secretText, purpose: "the demo shop's secret key, sk_test_…" },
    FLORIN_OWNER_PASSWORD: { read: secretText, purpose: 'the password of owner@harbour.test' },
    FLORIN_FINANCE_PASSWORD: { read: secretText, purpose: 'the password of finance@harbour.test' },
    FLORIN_SUPPORT_PASSWORD: { read: secretText, purpose: 'the password of support@harbour.test' },
  });
  const url = new URL(env.FLORIN_ADMIN_DATABASE_URL.reveal());
  url.pathname = '/florin';
  const { db, sql, close } = openDatabase({ url: url.toString(), application: 'seed' });
  const seams = { clock, ids: uuidv7({ now: clock.now, random: systemRandom }) };
  try {
    await addMerchant(db, seams, { id: merchantId, name: 'Harbour Goods', currency: 'EUR' });
    await addApiKey(db, seams, { merchantId, text: env.FLORIN_SHOP_SECRET_KEY.reveal() });
    const people = [
      { role: 'owner', name: 'Olivia Owner', password: env.FLORIN_OWNER_PASSWORD },
      { role: 'finance', name: 'Finn Finance', password: env.FLORIN_FINANCE_PASSWORD },
      { role: 'support', name: 'Sara Support', password: env.FLORIN_SUPPORT_PASSWORD },
    ] as const;
    for (const { role, name, password } of people) {
      const email = `${role}@harbour.test`;
      await addStaff(db, seams, { merchantId, email, name, role, password: password.reveal() });
    }
    // Test cards are shared by everybody who tries the demo, so its velocity rule is wide.
    if ((await countRules(sql, merchantId)) === 0) {
      await addRule(sql, seams, { merchantId, rule: { kind: 'amount', limits: { EUR: 500_000n }, weight: 100 } });
      // Above this a person looks before anything is captured.
      await addRule(sql, seams, { merchantId, rule: { kind: 'amount', limits: { EUR: 200_000n }, weight: 70 } });
      await addRule(sql, seams, {
        merchantId,
        rule: { kind: 'velocity', attempts: 2_000, seconds: 3600, weight: 100 },
      });
    }
    if ((await countRoutingRules(sql, merchantId)) === 0) {
      const dollars = { position: 1, conditions: { currencies: ['USD' as const] }, choice: { by: 'cost' as const } };
      await addRoutingRule(sql, seams, { merchantId, rule: dollars });
      // Says nothing where no account at Stripe is set up.
      const stripe = { by: 'order' as const, providers: ['stripe'] };
      const kronor = { position: 2, conditions: { currencies: ['SEK' as const] }, choice: stripe };
      await addRoutingRule(sql, seams, { merchantId, rule: kronor });
    }
  } finally {
    await close();
  }
}

main().catch((error: unknown) => {
  const words = error instanceof BadSettings ? error.message : `The demo merchant could not be made: ${error}`;
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
});
