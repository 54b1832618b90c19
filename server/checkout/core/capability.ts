import type { Mode } from '#server/auth/caller.ts';
import { hmacSha256, type Secret, sameSecret, sha256 } from '#server/kernel/secret.ts';
import { readSessionId, showSessionId } from '../session-id.ts';

const secretBytes = 24;
const secretLength = (secretBytes / 3) * 4;

/**
 * The secret half of a session's URL: 192 bits that nobody can guess without the key (ASVS 5.0, 11.5.1 asks for 128).
 * It is derived, not drawn, so that the URL can be told again to the merchant who asks for an open session while the
 * database holds only its hash.
 */
export function sessionSecret(key: Secret<Buffer>, sessionId: string): string {
  const mac = hmacSha256(key.reveal(), `florin/checkout/url/${sessionId}`);
  return mac.subarray(0, secretBytes).toString('base64url');
}

export function secretHash(secret: string): string {
  return sha256(secret).toString('hex');
}

/** What stands in the URL after `/checkout/`: the shown id and the secret, 22 + 32 characters. */
export function publicId(mode: Mode, sessionId: string, secret: string): string {
  return `${showSessionId(mode, sessionId)}${secret}`;
}

/** Splits a URL's id; undefined where it has not the shape. Proves nothing yet. */
export function readPublicId(mode: Mode, text: string): { sessionId: string; secret: string } | undefined {
  const secret = text.slice(-secretLength);
  const sessionId = readSessionId(mode, text.slice(0, -secretLength));
  return sessionId && /^[\w-]{32}$/.test(secret) ? { sessionId, secret } : undefined;
}

export function opens(hash: string, secret: string): boolean {
  return sameSecret(Buffer.from(hash, 'hex'), sha256(secret));
}
