import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Random } from '#server/kernel/secret.ts';

/**
 * Argon2id (the package's default), 19 MiB, two passes, one lane.
 * @see OWASP Password Storage Cheat Sheet, Argon2id.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const shortest = 12;
const longest = 256;

/** Of a password nobody knows, at the same cost: what an unknown account is verified against. */
export const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$5xH6voEeH8AZS16faFohPA$wgKlmFviBf69/CKPS4x66d0vVg/M4JIGASEYRtYR+Bc';

/**
 * @returns  The hash in PHC format.
 * @throws   Refusal `invalid_input` below 12 characters, above 256, or without a letter and a digit.
 * @see      PCI DSS 4.0.1, 8.3.6. ASVS 5.0 6.2.5 would rather ask nothing of the characters; the stricter one holds.
 */
export async function hashPassword(password: string): Promise<string> {
  const length = [...password].length;
  if (length < shortest || length > longest) {
    throw new Refusal('invalid_input', `A password takes ${shortest} to ${longest} characters.`, { param: 'password' });
  }
  if (!/\p{L}/u.test(password) || !/\d/.test(password)) {
    throw new Refusal('invalid_input', 'A password takes at least one letter and one digit.', { param: 'password' });
  }
  return hash(password.normalize('NFC'), cost);
}

/** Takes as long for a wrong password as for the right one. */
export async function isPassword(passwordHash: string, password: string): Promise<boolean> {
  // Nobody's password is this long, and nobody's is empty.
  const plausible = password.length <= 2 * longest ? password : '';
  return verify(passwordHash, plausible.normalize('NFC'));
}

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password of 80 random bits that can be read out and typed: `k3vf-9mxq-…`, without look-alikes. */
export function makePassword(random: Random): string {
  const characters = [...random(16)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
  if (!/[a-z]/.test(characters) || !/\d/.test(characters)) return makePassword(random);
  return characters.match(/.{4}/g)?.join('-') ?? characters;
}
