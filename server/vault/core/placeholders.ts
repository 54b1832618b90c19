import type { Card } from './card-input.ts';

/** Texts that stand in a provider's request where card data belongs. */
export const placeholders = ['{{card.number}}', '{{card.exp_month}}', '{{card.exp_year}}', '{{card.cvc}}'] as const;

export type Placeholder = (typeof placeholders)[number];

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Any mention, whole or hidden in a longer text: it has no business in what may be shown to somebody else. */
const mention = /\{\{\s*card\b/i;

/**
 * Where a body speaks of card data, by JSON pointer (RFC 6901): `/card/number` is `{{card.number}}`, or undefined where
 * it is a key or only a part of a text.
 */
export function findPlaceholders(body: Json, pointer = ''): Map<string, Placeholder | undefined> {
  const found = new Map<string, Placeholder | undefined>();
  if (typeof body === 'string') {
    if (mention.test(body))
      found.set(
        pointer,
        placeholders.find((known) => known === body),
      );
  } else if (typeof body === 'object' && body !== null) {
    for (const [key, value] of Object.entries(body)) {
      const here = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (mention.test(key)) found.set(here, undefined);
      for (const [where, what] of findPlaceholders(value, here)) found.set(where, what);
    }
  }
  return found;
}

/** A copy of the body with the card in it, ready to be sent. Only what `findPlaceholders` has found fit is replaced. */
export function fill(body: Json, card: Omit<Card, 'code'> & { code: string | undefined }): Json {
  if (Array.isArray(body)) return body.map((value) => fill(value, card));
  if (typeof body === 'object' && body !== null) {
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, fill(value, card)]));
  }
  switch (body) {
    case '{{card.number}}':
      return card.number;
    case '{{card.exp_month}}':
      return card.expMonth;
    case '{{card.exp_year}}':
      return card.expYear;
    case '{{card.cvc}}':
      return card.code ?? null;
    default:
      return body;
  }
}
