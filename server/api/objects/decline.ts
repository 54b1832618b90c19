import type { PaymentView } from '#server/payments/view.ts';

export interface Decline {
  /** The wire's error code: what is wrong with the card, or `card_declined`. */
  code: string;
  /** The issuer's reason. For the merchant alone: `message` is what may be shown to the shopper. */
  declineCode: string;
  message: string;
}

/** Reasons that are an error code of their own, with the words that a shopper may read. */
const ownCodes: Readonly<Record<string, string>> = {
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  invalid_cvc: "Your card's security code is invalid.",
  incorrect_number: 'Your card number is incorrect.',
  invalid_number: 'Your card number is not a valid card number.',
  invalid_expiry_month: "Your card's expiration month is invalid.",
  invalid_expiry_year: "Your card's expiration year is invalid.",
  authentication_required: 'Your card was declined. This transaction requires authentication.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
};

/**
 * Reasons under `card_declined` that a shopper may read too. All others read as a plain decline: "stolen" would warn a
 * thief.
 */
const toldDeclines: Readonly<Record<string, string>> = {
  insufficient_funds: 'Your card has insufficient funds.',
  card_velocity_exceeded: 'Your card was declined for making repeated attempts too frequently or exceeding its limit.',
  card_not_supported: 'Your card does not support this type of purchase.',
  currency_not_supported: 'Your card does not support this currency.',
  transaction_not_allowed: 'Your card does not support this type of purchase.',
};

/** Our own reasons, where no issuer has spoken, in the wire's words. */
const ownReasons: Readonly<Record<string, string>> = {
  risk_rejected: 'fraudulent',
  provider_unavailable: 'processing_error',
  abandoned: 'processing_error',
};

/** The vault would not send the card: no issuer has heard of it, and the card has to be entered again. */
const notSent: Readonly<Record<string, string>> = {
  token_unusable: 'Your card details could not be used any more, and you were not charged. Enter your card again.',
  verification_code_gone:
    "Your card's security code is no longer held, and you were not charged. Enter your card again.",
};

/** Ends that nobody refused: the merchant's own, and the clock's. */
const noRefusal = ['canceled', 'expired'];

/** Why a payment took no money: its card was refused, or its capture was. Null where nobody has said no. */
function refusalOf({ state, failureCode, operations }: PaymentView): string | null {
  if (state === 'failed') return noRefusal.includes(failureCode ?? '') ? null : (failureCode ?? 'generic_decline');
  if (state !== 'voided') return null;
  const capture = operations.find(({ kind, status }) => kind === 'capture' && status === 'refused');
  return capture ? (capture.code ?? 'generic_decline') : null;
}

/** Whether the payment ended before its card was sent to anybody. */
export function isUnsent({ failureCode }: PaymentView): boolean {
  return failureCode !== null && Object.hasOwn(notSent, failureCode);
}

/** How a refused payment is told on the wire; null where it was not refused. */
export function declineOf(payment: PaymentView): Decline | null {
  const refusal = refusalOf(payment);
  if (refusal === null) return null;
  const unsent = notSent[refusal];
  if (unsent) return { code: 'processing_error', declineCode: 'processing_error', message: unsent };
  const reason = ownReasons[refusal] ?? refusal;
  const own = ownCodes[reason];
  if (own) return { code: reason, declineCode: reason, message: own };
  return { code: 'card_declined', declineCode: reason, message: toldDeclines[reason] ?? 'Your card was declined.' };
}
