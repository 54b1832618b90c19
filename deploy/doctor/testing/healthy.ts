import { sha256 } from '#server/kernel/secret.ts';
import { addRule } from '#server/risk/rules.ts';
import type { House } from './house.ts';

const declined = '4000000000000002';
const exchange = { milliseconds: 0 };

/** A payment in every state, refunds of every kind, orders that were sent and given back. By name, for tests. */
export async function fill(house: House) {
  const { caller, clock, ids, payments, paid, sql } = house;
  const { merchantId } = caller;
  await addRule(sql, { clock, ids }, { merchantId, rule: { kind: 'amount', limits: { EUR: 90_000n }, weight: 80 } });
  await sql`
    INSERT INTO webhook_endpoints (id, merchant_id, url, enabled, events, created_at)
    VALUES (${ids()}, ${merchantId}, 'https://shop.example/hooks', true, '{*}', ${clock.now()})`;

  const { payment: initiated } = await payments.create(caller, {
    amount: 1_000n,
    currency: 'EUR',
    captureMethod: 'automatic',
  });
  const failed = await paid('automatic', 2_000n, declined);
  const authorized = await paid('manual', 3_000n);
  const voided = await paid('manual', 4_000n);
  await payments.cancel(caller, { intentId: voided.intentId });
  const captured = await paid('manual', 5_000n);
  const claim = { merchantId, key: 'capture it', fingerprint: sha256('capture it') };
  await payments.capture(caller, { paymentId: captured.id, amount: 4_500n, claim });
  const reviewed = await paid('automatic', 95_000n);

  const parted = await paid('automatic', 6_000n);
  await payments.refund(caller, { paymentId: parted.id, amount: 1_000n });
  const refunded = await paid('automatic', 7_000n);
  await payments.refund(caller, { paymentId: refunded.id });
  const undone = await paid('automatic', 8_000n);
  await payments.refund(caller, { paymentId: undone.id });
  await takeBack(house, undone.id);
  await beyondOurControl(house);

  await house.bought();
  await house.settle();
  house.warehouse.sellOut('sold out');
  await house.bought();
  await house.settle();
  return { initiated: initiated?.id ?? '', failed, authorized, voided, captured, reviewed, parted, refunded, undone };
}

/** The provider has paid a refund out, and it has come back. */
async function takeBack({ caller, payments }: House, paymentId: string): Promise<void> {
  const { operations } = await payments.payment(caller, paymentId);
  const refund = operations.find(({ kind }) => kind === 'refund');
  const outcome = { kind: 'refused' as const, code: 'expired_card', providerCode: null, message: 'came back' };
  const say = { about: 'operation' as const, key: `${refund?.id}-1`, kind: 'refund' as const };
  await payments.hear({
    provider: refund?.provider ?? '',
    cause: 'webhook',
    say: { ...say, outcome: { ...outcome, retryable: false, exchange } },
  });
}

/** A refund that somebody made in the acquirer's console, and a chargeback. */
async function beyondOurControl({ payments, paid, acquirers }: House): Promise<void> {
  const { provider, operations } = await paid('automatic', 9_000n);
  const captureRef = operations.find(({ kind }) => kind === 'capture')?.providerRef ?? '';
  const acquirer = acquirers.find(({ name }) => name === provider);
  if (!acquirer || !provider) throw new Error('a payment that was captured has its acquirer');
  const of = { captureRef, currency: 'EUR' as const, exchange };
  const refundRef = await acquirer.refundInConsole(captureRef, 700);
  await payments.hear({ provider, cause: 'webhook', say: { about: 'foreign_refund', refundRef, amount: 700n, ...of } });
  const chargebackRef = await acquirer.chargeback(captureRef, 800);
  await payments.hear({ provider, cause: 'webhook', say: { about: 'chargeback', chargebackRef, amount: 800n, ...of } });
}
