import { isClean, redact } from '#server/observability/redact.ts';

/** Headers that say something about the sender; a signature proves later what was forged. */
const told = [
  'content-type',
  'content-length',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'stripe-signature',
];
const longestHeader = 300;

/** Bytes that are kept of a body that is not believed. */
export const keptOfForgery = 8 * 1024;

export function keptHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(told.flatMap((name) => (headers[name] === undefined ? [] : [[name, kept(headers[name])]])));
}

function kept(header: string): string {
  return redact(header.replaceAll('\0', '').slice(0, longestHeader).toWellFormed());
}

/**
 * The body as it may be stored: byte for byte, unless it holds what could be a card number.
 *
 * @see PCI DSS v4.0.1, 3.5.1: nobody can keep a stranger from sending us one.
 */
export function keptBody(body: Buffer, most: number): Buffer {
  const text = body.toString('latin1');
  // Redacted before it is cut: a cut through a number would hide it from the search.
  const clean = isClean(text) ? body : Buffer.from(redact(text), 'latin1');
  return clean.subarray(0, most);
}
