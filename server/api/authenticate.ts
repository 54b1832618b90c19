import type { FastifyRequest } from 'fastify';
import type { Caller, Mode } from '#server/auth/caller.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { showId } from '#server/kernel/id.ts';
import { sha256 } from '#server/kernel/secret.ts';
import { type Failure, invalidRequest } from './errors.ts';

export type KeyCaller = Extract<Caller, { kind: 'merchant_key' }>;

/** Whose key a text is. @throws Refusal `unauthenticated`. */
export type CallerOfKey = (text: string) => Promise<KeyCaller>;

/** How long a key that was revoked may still be let in, in milliseconds. */
const rememberedFor = 3_000;
const rememberedAtMost = 10_000;

/**
 * Remembers whose key it is for three seconds, so that the hot path asks the database once and not for every request.
 * Only keys that were let in are remembered, by their hash: a refused one is asked for each time.
 */
export function rememberKeys(callerOfKey: CallerOfKey, clock: Clock): CallerOfKey {
  const known = new Map<string, { caller: KeyCaller; until: number }>();
  return async (text) => {
    const hash = sha256(text).toString('base64');
    const now = clock.now().getTime();
    const seen = known.get(hash);
    if (seen && seen.until > now) return seen.caller;
    known.delete(hash);
    const caller = await callerOfKey(text);
    if (known.size >= rememberedAtMost) known.clear();
    known.set(hash, { caller, until: now + rememberedFor });
    return caller;
  };
}

/**
 * The key that a request carries: `Authorization: Bearer sk_…`, or Basic with the key as user name and no password.
 *
 * @throws Failure 401.
 */
export function keyOf(authorization: string | undefined): string {
  const [scheme = '', rest = ''] = (authorization ?? '').trim().split(/\s+/, 2);
  if (/^bearer$/i.test(scheme) && rest) return rest;
  const user = /^basic$/i.test(scheme) ? Buffer.from(rest, 'base64').toString('utf8').split(':', 1)[0] : '';
  if (user) return user;
  throw invalidRequest(
    401,
    'You did not provide an API key. Send your secret key in the Authorization header, as in "Authorization: Bearer sk_test_…".',
  );
}

/** Lets in whoever has a key of this mode, for the merchant of that key alone. */
export function authenticate(callerOfKey: CallerOfKey, mode: Mode) {
  return async (request: FastifyRequest): Promise<void> => {
    const caller = await callerOfKey(keyOf(request.headers.authorization));
    if (caller.mode !== mode) throw wrongMode(caller, mode);
    refuseOtherAccount(request, caller);
    request.caller = caller;
  };
}

/** A key of the other mode would move other money than its holder means. */
function wrongMode(caller: KeyCaller, mode: Mode): Failure {
  const message = `This server is in ${mode} mode, and your key is a ${caller.mode} mode key.`;
  return invalidRequest(403, message, { code: 'livemode_mismatch' });
}

/** The wire's headers for acting on another merchant's account: to ignore them would be to act on the wrong one. */
function refuseOtherAccount({ headers }: FastifyRequest, caller: KeyCaller): void {
  const account = headers['stripe-account'] ?? headers['stripe-context'];
  if (account === undefined || account === showId('merchant', caller.merchantId)) return;
  throw invalidRequest(
    403,
    'Florin has no connected accounts: leave the Stripe-Account and Stripe-Context headers out.',
  );
}
