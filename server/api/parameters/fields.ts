import { z } from 'zod';
import { type Currency, isCurrency, largestAmount } from '#server/kernel/money.ts';
import { bracketName, type Hash, type Parameter } from '../form.ts';

/** What is wrong with a value, with the wire's code for it where it has one. */
class Bad {
  readonly message: string;
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    this.message = message;
    this.code = code;
  }
}

/** One parameter that is required. What was sent is text or a hash of texts, and nothing is guessed: `read` decides. */
function field<T>(read: (value: Parameter) => T | Bad) {
  return z.unknown().transform((value, ctx): T => {
    const result = value === undefined || value === '' ? absent(value) : read(value as Parameter);
    if (!(result instanceof Bad)) return result;
    ctx.issues.push({ code: 'custom', message: result.message, input: value, params: { code: result.code } });
    return z.NEVER;
  });
}

function absent(value: undefined | ''): Bad {
  if (value === undefined) return new Bad('Missing required param', 'parameter_missing');
  return new Bad('You passed an empty string where a value is required', 'parameter_invalid_empty');
}

/** Left out or empty, it is not set: `name=` unsets. */
export function optional<T>(inner: z.ZodType<T>) {
  return z.preprocess((value) => (value === '' ? undefined : value), inner.optional());
}

/** A hash with these names and no others. */
export function hash<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.strictObject(shape);
}

/** `[]`, or `[0]`, `[1]`, … in any order. */
export function list<T>(inner: z.ZodType<T>, { atMost }: { atMost: number }) {
  return z.preprocess(elementsOf, z.array(inner).min(1, `Send at least one`).max(atMost, `Send at most ${atMost}`));
}

function elementsOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (!entries.every(([name]) => /^(0|[1-9]\d{0,3})$/.test(name))) return value;
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, element]) => element);
}

export function text({ atMost }: { atMost: number }) {
  return field((value) => {
    if (typeof value !== 'string') return new Bad('Invalid string');
    return value.length > atMost ? new Bad(`Invalid string: it can have up to ${atMost} characters`) : value;
  });
}

export function oneOf<const T extends readonly string[]>(words: T) {
  return field((value): T[number] | Bad => {
    const word = words.find((known) => known === value);
    return word ?? new Bad(`Invalid value: must be ${words.length > 1 ? 'one of ' : ''}${words.join(', ')}`);
  });
}

/** The wire knows more words than these; Florin does not follow them, and so refuses them with the reason. */
export function only<const T extends readonly string[]>(words: T, reason: string) {
  return field((value): T[number] | Bad => words.find((word) => word === value) ?? new Bad(reason));
}

export const flag = field((value) =>
  value === 'true' || value === 'false' ? value === 'true' : new Bad('Invalid boolean'),
);

export const whole = field((value) => {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number)
    ? number
    : new Bad(`Invalid integer: ${shown(value)}`, 'parameter_invalid_integer');
});

export function count({ from, to }: { from: number; to: number }) {
  return whole.refine((number) => number >= from && number <= to, {
    error: `Send a whole number from ${from} to ${to}`,
  });
}

/** Minor units, from `atLeast` to eight digits. */
export function amount({ atLeast = 1 }: { atLeast?: number } = {}) {
  return field((value) => {
    const minor = typeof value === 'string' && /^-?\d{1,30}$/.test(value) ? BigInt(value) : undefined;
    if (minor === undefined) return new Bad(`Invalid integer: ${shown(value)}`, 'parameter_invalid_integer');
    if (minor < atLeast) {
      return new Bad(`This value must be greater than or equal to ${atLeast}`, 'parameter_invalid_integer');
    }
    return minor > largestAmount ? new Bad(`Amount must be no more than ${largestAmount}`, 'amount_too_large') : minor;
  });
}

/** ISO 4217 in either case. */
export const currency = field((value): Currency | Bad => {
  const code = typeof value === 'string' ? value.toUpperCase() : '';
  return isCurrency(code)
    ? code
    : new Bad(`Invalid currency: ${shown(value)}. Send an ISO 4217 code that Florin takes`);
});

export const email = field((value) =>
  typeof value === 'string' && value.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
    ? value
    : new Bad('Invalid email address', 'email_invalid'),
);

/** An absolute http or https address. */
export const link = field((value) => {
  const sound = typeof value === 'string' && value.length <= 2048 && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
  return sound ? value : new Bad('Not a valid URL', 'url_invalid');
});

/** Unix seconds. */
export const moment = whole.transform((seconds) => new Date(seconds * 1000));

/** At most 50 keys of 40 characters with values of 500; an empty value unsets its key, `metadata=` all of them. */
export const metadata = z
  .unknown()
  .transform((value, ctx): Record<string, string> => {
    const bad = metadataComplaint(value);
    if (bad) {
      ctx.issues.push({ code: 'custom', message: bad.message, input: value, path: bad.path });
      return z.NEVER;
    }
    return Object.fromEntries(Object.entries(value as Record<string, string>).filter(([, text]) => text !== ''));
  })
  .optional();

function metadataComplaint(value: unknown): { message: string; path: string[] } | undefined {
  if (value === '') return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { message: 'Invalid hash', path: [] };
  const entries = Object.entries(value as Hash);
  if (entries.length > 50) return { message: 'Metadata can have up to 50 keys', path: [] };
  for (const [key, text] of entries) {
    if (typeof text !== 'string') return { message: 'Metadata values must be strings', path: [key] };
    if (key.length > 40) return { message: 'Metadata keys can have up to 40 characters', path: [key] };
    if (/[[\]]/.test(key)) return { message: 'Metadata keys cannot hold square brackets', path: [key] };
    if (text.length > 500) return { message: 'Metadata values can have up to 500 characters', path: [key] };
  }
  return undefined;
}

function shown(value: Parameter): string {
  return typeof value === 'string' ? value.slice(0, 40) : bracketName(Object.keys(value)).slice(0, 40);
}
