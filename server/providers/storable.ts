import type { ReadWebhook } from './contract.ts';
import type { Exchange, Outcome } from './outcome.ts';

/** Characters that are kept of a provider's sentence, and of its ids and codes. */
const longest = { sentence: 500, word: 255 };

/**
 * The same outcome in text that PostgreSQL can hold: without NUL and half surrogate pairs, and cut. What a provider
 * writes beside its decision must not keep the decision from being recorded.
 */
export function storable(outcome: Outcome): Outcome {
  const exchange = storableExchange(outcome.exchange);
  switch (outcome.kind) {
    case 'accepted':
      return { ...outcome, providerRef: text(outcome.providerRef, longest.word), exchange };
    case 'refused': {
      const providerCode = outcome.providerCode === null ? null : text(outcome.providerCode, longest.word);
      return { ...outcome, providerCode, message: text(outcome.message, longest.sentence), exchange };
    }
    case 'challenged':
    case 'pending': {
      if (outcome.providerRef === undefined) return { ...outcome, exchange };
      return { ...outcome, providerRef: text(outcome.providerRef, longest.word), exchange };
    }
    case 'unknown':
    case 'not_taken':
      return { ...outcome, why: text(outcome.why, longest.sentence), exchange };
    case 'absent':
      return { ...outcome, exchange };
  }
}

/** The same for what a webhook says. */
export function storableSay(read: ReadWebhook): ReadWebhook {
  if (read.kind === 'rejected' || !read.say) return read;
  const { say } = read;
  if (say.about === 'operation') return { ...read, say: { ...say, outcome: storable(say.outcome) } };
  return { ...read, say: { ...say, exchange: storableExchange(say.exchange) } };
}

function storableExchange(exchange: Exchange): Exchange {
  return exchange.answer === undefined ? { ...exchange } : { ...exchange, answer: kept(exchange.answer) };
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
