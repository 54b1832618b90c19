import type { Outcome } from './outcome.ts';

/** Characters that are kept of a provider's sentence, and of its ids and codes. */
const longest = { sentence: 500, word: 255 };

/**
 * The same outcome in text that PostgreSQL can hold: without NUL and half surrogate pairs, and cut. What a provider
 * writes beside its decision must not keep the decision from being recorded.
 */
export function storable(outcome: Outcome): Outcome {
  const exchange = { ...outcome.exchange };
  if (exchange.answer !== undefined) exchange.answer = kept(exchange.answer);
  switch (outcome.kind) {
    case 'accepted':
      return { ...outcome, providerRef: text(outcome.providerRef, longest.word), exchange };
    case 'refused': {
      const providerCode = outcome.providerCode === null ? null : text(outcome.providerCode, longest.word);
      return { ...outcome, providerCode, message: text(outcome.message, longest.sentence), exchange };
    }
    case 'pending': {
      if (outcome.providerRef === undefined) return { ...outcome, exchange };
      return { ...outcome, providerRef: text(outcome.providerRef, longest.word), exchange };
    }
    case 'unknown':
    case 'not_taken':
      return { ...outcome, why: text(outcome.why, longest.sentence), exchange };
    case 'challenged':
    case 'absent':
      return { ...outcome, exchange };
  }
}

function kept(value: unknown): unknown {
  if (typeof value === 'string') return text(value, longest.sentence);
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [text(name, longest.word), kept(field)]));
}

function text(told: string, most: number): string {
  return told.replaceAll('\0', '').slice(0, most).toWellFormed();
}
