import { Refusal } from './refusal.ts';
import type { Random } from './secret.ts';

/** Public prefixes, one per kind of thing. Part of the wire contract: never renamed. */
export const prefixes = {
  intent: 'pi',
  payment: 'ch',
  refund: 're',
  operation: 'op',
  escalation: 'esc',
  event: 'evt',
  session: 'cs',
  order: 'ord',
  merchant: 'acct',
  key: 'key',
  staff: 'usr',
  request: 'req',
  posting: 'txn',
  lineItem: 'li',
  webhook: 'whk',
} as const;

export type IdKind = keyof typeof prefixes;

/** Makes ids. A room takes it as a seam, so that a simulated run names everything the same way twice. */
export type Ids = () => string;

/** Ids for which random bytes are drawn at once: a draw for each costs more than the rest of the id. */
const drawnAtOnce = 256;

/**
 * UUIDv7 (RFC 9562, section 5.7): 48 bits of unix milliseconds, then 74 random bits. Ids sort by time of making.
 * Not a secret: whoever knows one can guess its time. Tokens and keys come from `secret.ts`.
 */
export function uuidv7({ now, random }: { now: () => Date; random: Random }): Ids {
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at >= bytes.length) [bytes, at] = [random(16 * drawnAtOnce), 0];
    bytes.writeUIntBE(now().getTime(), at, 6);
    bytes.writeUInt8((bytes.readUInt8(at + 6) & 0x0f) | 0x70, at + 6);
    bytes.writeUInt8((bytes.readUInt8(at + 8) & 0x3f) | 0x80, at + 8);
    const hex = bytes.toString('hex', at, at + 16);
    at += 16;
    return dashed(hex);
  };
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// In ASCII order, so that the shown form sorts exactly as the uuid does.
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const width = 22;

/** Shows a uuid as `pi_` and 22 base-62 digits; sorts as the uuid sorts. */
export function showId(kind: IdKind, uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let place = 0; place < width; place++) {
    text = digits.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return `${prefixes[kind]}_${text}`;
}

/** The uuid behind a shown id, or undefined where the text is no id of that kind. */
export function readId(kind: IdKind, text: string): string | undefined {
  const prefix = `${prefixes[kind]}_`;
  if (text.length !== prefix.length + width || !text.startsWith(prefix)) return undefined;
  let value = 0n;
  for (const digit of text.slice(prefix.length)) {
    const worth = digits.indexOf(digit);
    if (worth < 0) return undefined;
    value = value * 62n + BigInt(worth);
  }
  if (value >= 1n << 128n) return undefined;
  const hex = value.toString(16).padStart(32, '0');
  return dashed(hex);
}

/** @throws Refusal `not_found`: to a stranger, a malformed id and a foreign one look the same. */
export function requireId(kind: IdKind, text: string): string {
  const uuid = readId(kind, text);
  if (!uuid) throw new Refusal('not_found', `No such ${kind}: '${text.slice(0, 60)}'`);
  return uuid;
}
