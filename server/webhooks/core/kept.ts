import { withoutCardNumbers } from './card-numbers.ts';
import { withoutSecrets } from './secrets.ts';

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
  return withoutCardNumbers(header.replaceAll('\0', '').slice(0, longestHeader).toWellFormed());
}

/** Bytes over which a card number may be spread. */
const spread = 1024;

/**
 * The body as it may be stored: byte for byte, except for what could be a card number and for the provider's secrets.
 */
export function keptBody(body: Buffer, most: number): Buffer {
  // A cut through a number would hide it from the search, and a stranger is not searched to the end of what he sent.
  const text = body.subarray(0, most + spread).toString('latin1');
  return Buffer.from(withoutCardNumbers(withoutSecrets(text)), 'latin1').subarray(0, most);
}
