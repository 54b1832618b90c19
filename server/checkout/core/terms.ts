import type { Mode } from '#server/auth/caller.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { CreateSessionInput } from '../checkout.ts';

const minute = 60_000;
const shortest = 30 * minute;
const longest = 24 * 60 * minute;
// Clients send whole seconds and their clocks differ: a minute's slack on either side.
const slack = minute;

/** When a session ends: 30 minutes to 24 hours from now, 24 hours where nothing was asked. */
export function sessionExpiry(now: Date, asked: Date | undefined): Date {
  if (!asked) return new Date(now.getTime() + longest);
  const ahead = asked.getTime() - now.getTime();
  if (!(ahead >= shortest - slack && ahead <= longest + slack)) {
    refuse('A session ends between 30 minutes and 24 hours from now.', 'expires_at');
  }
  return asked;
}

/** Checks what a merchant says beside the cart. @throws Refusal `invalid_input`, naming the parameter. */
export function checkTerms(mode: Mode, input: CreateSessionInput): void {
  checkUrl(mode, input.successUrl, 'success_url');
  if (input.cancelUrl !== undefined) checkUrl(mode, input.cancelUrl, 'cancel_url');
  if ((input.clientReferenceId?.length ?? 0) > 200) refuse('It has at most 200 characters.', 'client_reference_id');
  if (input.customerEmail !== undefined) checkEmail(input.customerEmail, 'customer_email');
  checkMetadata(input.metadata ?? {});
}

/** @throws Refusal `invalid_input`. Only its shape: whether it is read by somebody, only a message to it can tell. */
export function checkEmail(email: string, param = 'email'): void {
  // Control characters and half surrogate pairs are in no address, and PostgreSQL cannot hold all of them.
  const odd = /[\p{Cc}\p{Cs}]/u.test(email);
  if (odd || email.length > 254 || !/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$/.test(email)) {
    refuse('This is not an e-mail address.', param);
  }
}

// A session's URLs become links and redirects on our own pages: anything but http(s) could run as a script there.
function checkUrl(mode: Mode, text: string, param: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const schemes = mode === 'live' ? ['https:'] : ['https:', 'http:'];
  if (!url || !schemes.includes(url.protocol) || text.length > 2048) {
    refuse(`Not a valid URL: it must be absolute and start with ${schemes.map((s) => `${s}//`).join(' or ')}.`, param);
  }
  if (url.username || url.password) refuse('Not a valid URL: it must not carry a password.', param);
}

function checkMetadata(metadata: Record<string, string>): void {
  const entries = Object.entries(metadata);
  if (entries.length > 50) refuse('Metadata has at most 50 keys.', 'metadata');
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 40) refuse('A metadata key has 1 to 40 characters.', 'metadata');
    if (value.length > 500) refuse('A metadata value has at most 500 characters.', `metadata[${key}]`);
  }
}

function refuse(message: string, param: string): never {
  throw new Refusal('invalid_input', message, { param });
}
