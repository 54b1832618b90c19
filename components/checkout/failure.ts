import { Refused } from './call.ts';

/** Something that stands in the way of paying, in words for the shopper; `field` is the card's field at fault. */
export interface Trouble {
  text: string;
  field: 'number' | 'expiry' | 'cvc' | null;
  /** To ask about; shown where nothing else explains it. */
  request?: string | undefined;
}

const trouble = (text: string, field: Trouble['field'] = null): Trouble => ({ text, field });

const byCode: Readonly<Record<string, Trouble>> = {
  token_unusable: trouble(
    'You were not charged. For your safety a card is kept for a few minutes only. Enter the security code again and pay.',
    'cvc',
  ),
  verification_code_gone: trouble('You were not charged. Enter the security code again and pay.', 'cvc'),
};

/**
 * What to say when paying was refused and the checkout itself says that nothing was taken. The caller has asked it
 * first: an answer that was lost proves nothing about the money.
 */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Refused))
    return trouble(
      'You were not charged. This page could not reach the checkout. Check your connection and try again.',
    );
  const { code, message, request } = error;
  const known = byCode[code];
  if (known) return known;
  if (code === 'throttled' || code === 'cart_changed') return trouble(message);
  return { ...trouble('You were not charged. Something went wrong on our side. Try again in a moment.'), request };
}

/** Whether the answer never came: the request may or may not have arrived. */
export function isLost(error: unknown): boolean {
  return !(error instanceof Refused);
}
