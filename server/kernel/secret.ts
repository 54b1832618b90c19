import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** The only source of randomness; `size` bytes from a CSPRNG in production. */
export type Random = (size: number) => Buffer;

export const systemRandom: Random = randomBytes;

/** An unguessable name: `bytes` × 8 bits, base64url. 16 bytes are the least that ASVS 5.0 11.5.1 allows. */
export function unguessable(random: Random, bytes = 24): string {
  return random(bytes).toString('base64url');
}

export function sha256(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

export function hmacSha256(key: Buffer, text: string | Buffer): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Compares in constant time; texts of different length differ at once. */
export function sameSecret(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A value that does not print: JSON, logs and errors show `[secret]`. Read it with `reveal()` where it is used. */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toJSON(): string {
    return '[secret]';
  }

  toString(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
