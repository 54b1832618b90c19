import type { Stage } from '../house/stage.ts';

export const price = 1_250n;

/**
 * One payment from its creation to its capture, as a merchant with automatic capture asks for it: two requests, each
 * under a key of its own, and a token of the vault's in between. Four commits of the payment, one of a kept answer.
 */
export async function live(stage: Stage, client: number): Promise<void> {
  const merchant = stage.merchantOf(client);
  const made = await stage.door.create(merchant, { amount: price, captureMethod: 'automatic' });
  const intent = made.intent ?? missing();
  const use = { merchantId: merchant.id, intentId: intent.id, currency: 'EUR', maxAmount: price };
  const token = await stage.vault.testToken('pm_card_visa', use);
  const paid = await stage.door.confirm(merchant, intent, token);
  requireState(paid.intent?.payment?.state, 'captured');
}

/** The same with a capture that the merchant asks for: three requests, five commits and two kept answers. */
export async function liveWithCapture(stage: Stage, client: number): Promise<void> {
  const merchant = stage.merchantOf(client);
  const made = await stage.door.create(merchant, { amount: price, captureMethod: 'manual' });
  const intent = made.intent ?? missing();
  const use = { merchantId: merchant.id, intentId: intent.id, currency: 'EUR', maxAmount: price };
  const token = await stage.vault.testToken('pm_card_visa', use);
  const held = await stage.door.confirm(merchant, intent, token);
  requireState(held.intent?.payment?.state, 'authorized');
  const paid = await stage.door.capture(merchant, held.intent ?? missing());
  requireState(paid.intent?.payment?.state, 'captured');
}

function missing(): never {
  throw new Error('a first answer has its intent');
}

export function requireState(state: string | undefined, wanted: string): void {
  if (state !== wanted) throw new Error(`a payment is ${state}, and should be ${wanted}`);
}
