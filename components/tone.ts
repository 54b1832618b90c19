import type { PaymentState } from '#server/payments/view.ts';

/** What a colour means, wherever it is used: each goes with a word or an icon. */
export type Tone = 'neutral' | 'wait' | 'ok' | 'settled' | 'muted' | 'bad' | 'warn';

/** Forget a state and it does not compile. */
export const toneOf = {
  initiated: 'neutral',
  payment_method_captured: 'neutral',
  tokenized: 'neutral',
  risk_checked: 'neutral',
  authorized: 'wait',
  capture_pending: 'wait',
  captured: 'ok',
  reconciled: 'settled',
  refunded: 'muted',
  voided: 'muted',
  failed: 'bad',
} as const satisfies Record<PaymentState, Tone>;
