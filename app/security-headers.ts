import { origins } from '#server/kernel/env.ts';

const developing = process.env.NODE_ENV === 'development';

/** Origin of the vault's card frame. */
function vaultOrigin(): string {
  const url = process.env.FLORIN_VAULT_PUBLIC_URL ?? '';
  return URL.canParse(url) ? new URL(url).origin : "'none'";
}

/** Where banks look at a shopper, as far as the checkout may show it in a frame; elsewhere the whole window goes. */
export function challengeOrigins(): string[] {
  const { FLORIN_CHALLENGE_ORIGINS } = process.env;
  return FLORIN_CHALLENGE_ORIGINS ? origins(FLORIN_CHALLENGE_ORIGINS) : [];
}

/** Where a bank sends its shopper on to: the one page of ours that is framed, by our own checkout. */
const isReturn = (path: string) => /^\/checkout\/[^/]+\/return$/.test(path);

/** What a page may frame: the checkout the vault's fields and the bank's page, which ends at our own return page. */
function framesOf(path: string): string {
  if (!path.startsWith('/checkout/') || isReturn(path)) return "'none'";
  return [vaultOrigin(), ...challengeOrigins(), "'self'"].join(' ');
}

/** @see Content Security Policy Level 3; ASVS 5.0 3.4.3 and 3.4.6; PCI DSS v4.0.1 6.4.3 for the checkout page. */
export function contentSecurityPolicy({ path, nonce }: { path: string; nonce: string }): string {
  const policy = {
    'default-src': "'none'",
    'script-src': `'nonce-${nonce}' 'strict-dynamic'${developing ? " 'unsafe-eval'" : ''}`,
    // Components place what floats by style attributes. No card is ever typed into a page that this policy guards.
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': `'self'${developing ? ' ws:' : ''}`,
    'frame-src': framesOf(path),
    'form-action': "'self'",
    'base-uri': "'none'",
    'object-src': "'none'",
    'frame-ancestors': isReturn(path) ? "'self'" : "'none'",
  };
  return Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

export function securityHeaders(path: string): [string, string][] {
  const console = path === '/admin' || path.startsWith('/admin/');
  const headers: [string, string][] = [
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', isReturn(path) ? 'SAMEORIGIN' : 'DENY'],
    // A checkout's address is a secret: no other origin may learn it.
    ['referrer-policy', 'same-origin'],
    ['cross-origin-opener-policy', console ? 'same-origin' : 'same-origin-allow-popups'],
    ['permissions-policy', `payment=(self "${vaultOrigin()}"), camera=(), microphone=(), geolocation=(), usb=()`],
  ];
  if (!path.startsWith('/_next/')) headers.push(['cache-control', 'no-store']);
  if (process.env.FLORIN_MODE === 'live') {
    headers.push(['strict-transport-security', 'max-age=63072000; includeSubDomains']);
  }
  return headers;
}
