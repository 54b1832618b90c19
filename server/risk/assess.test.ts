import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Connections, openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeRisk } from './assess.ts';
import { addRule } from './rules.ts';

let database: TestDatabase;
let open: Connections;
let owner: Connections;
before(async () => {
  database = await testDatabase();
  open = openDatabase({ url: database.url('web'), application: 'test' });
  owner = openDatabase({ url: database.url('owner'), application: 'test' });
});
after(async () => {
  await Promise.all([open.close(), owner.close()]);
  await database.drop();
});

const ids = uuidv7({ now: systemClock.now, random: systemRandom });
const seams = { clock: systemClock, ids };
const asked = (merchantId: string, amount: bigint) => ({
  merchantId,
  amount,
  currency: 'EUR' as const,
  fingerprint: 'fp_1',
  address: null,
});
const risk = () => makeRisk({ sql: open.sql, ...seams });

/** Puts past attempts of a card on record, past the guard that asks for their payments: only verdicts are counted. */
async function attempts(merchantId: string, count: number): Promise<void> {
  const verdicts = Array.from({ length: count }, () => ({
    id: ids(),
    merchant_id: merchantId,
    payment_id: ids(),
    decision: 'approve',
    score: 0,
    reasons: '[]',
    fingerprint: 'fp_1',
    amount: 1,
    currency: 'EUR',
    at: new Date(),
  }));
  await owner.sql.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`INSERT INTO risk_verdicts ${tx(verdicts)}`;
  });
}

test('a merchant without rules has nothing against a payment', async () => {
  assert.equal((await risk().assess(asked(ids(), 99_999_999n))).decision, 'approve');
});

test('an amount at the limit passes, one minor unit above it is rejected with the reason in words', async () => {
  const merchantId = ids();
  await addRule(owner.sql, seams, { merchantId, rule: { kind: 'amount', limits: { EUR: 10_000n }, weight: 100 } });
  assert.equal((await risk().assess(asked(merchantId, 10_000n))).decision, 'approve');
  const verdict = await risk().assess(asked(merchantId, 10_001n));
  assert.equal(verdict.decision, 'reject');
  assert.deepEqual(verdict.reasons, [{ rule: 'amount', says: 'The amount is above the limit of €100.00.' }]);
});

test('a card tried too often is rejected, another card and another merchant are not', async () => {
  const merchantId = ids();
  await addRule(owner.sql, seams, { merchantId, rule: { kind: 'velocity', attempts: 3, seconds: 60, weight: 100 } });
  await attempts(merchantId, 2);
  assert.equal((await risk().assess(asked(merchantId, 1n))).decision, 'approve');
  await attempts(merchantId, 1);
  assert.equal((await risk().assess(asked(merchantId, 1n))).decision, 'reject');
  assert.equal((await risk().assess({ ...asked(merchantId, 1n), fingerprint: 'fp_2' })).decision, 'approve');
  assert.equal((await risk().assess(asked(ids(), 1n))).decision, 'approve');
});

test('rules that weigh less than a hundred together raise the score and let the payment pass', async () => {
  const merchantId = ids();
  await addRule(owner.sql, seams, { merchantId, rule: { kind: 'amount', limits: { EUR: 100n }, weight: 40 } });
  const verdict = await risk().assess(asked(merchantId, 101n));
  assert.deepEqual([verdict.decision, verdict.score], ['approve', 40]);
});

test('a stored rule that cannot be read stops the payment: it is never skipped in silence', async () => {
  const merchantId = ids();
  await owner.sql`INSERT INTO risk_rules ${owner.sql({ id: ids(), merchant_id: merchantId, kind: 'amount', settings: '{}', enabled: true, created_at: new Date() })}`;
  await assert.rejects(risk().assess(asked(merchantId, 1n)), { name: 'ZodError' });
});

test('those who ask at once are each counted for themselves', async () => {
  const [tried, fresh, busy] = [ids(), ids(), ids()];
  for (const merchantId of [tried, fresh, busy]) {
    await addRule(owner.sql, seams, { merchantId, rule: { kind: 'velocity', attempts: 3, seconds: 60, weight: 100 } });
  }
  await attempts(tried, 2);
  await attempts(busy, 5);
  const [one, other, third, fourth] = await Promise.all(
    [asked(tried, 1n), asked(fresh, 1n), asked(busy, 1n), { ...asked(busy, 1n), fingerprint: 'fp_2' }].map(
      risk().assess,
    ),
  );
  assert.deepEqual(
    [one, other, third, fourth].map((verdict) => verdict?.decision),
    ['approve', 'approve', 'reject', 'approve'],
  );
});
