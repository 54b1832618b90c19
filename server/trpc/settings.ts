import { commonSettings } from '#server/composition/settings.ts';
import { longSecret, origins, url, wholeNumber } from '#server/kernel/env.ts';

/** What the web process is told by its environment. */
export const webSettings = {
  ...commonSettings,
  FLORIN_VAULT_PUBLIC_URL: { read: url, purpose: 'where browsers find the card frame' },
  FLORIN_CHALLENGE_ORIGINS: {
    read: origins,
    purpose: 'the origins of banks’ pages that the checkout may frame, with commas',
    fallback: [],
  },
  FLORIN_TRUSTED_HOPS: { read: wholeNumber, purpose: 'how many gateways stand before these pages', fallback: 0 },
  NEXTAUTH_URL: { read: url, purpose: 'where browsers find the console, for signing in' },
  NEXTAUTH_SECRET: { read: longSecret, purpose: 'the secret that sign-in cookies are encrypted with' },
};
