import {
  BadSettings,
  key256,
  mode,
  type Reader,
  requireHttps,
  secretUrl,
  url,
  wholeNumber,
} from '#server/kernel/env.ts';
import { readProviders } from '#server/providers/settings.ts';
import { identitySettings } from '#server/workload/identity.ts';

/** What every process that takes payments on their way is told by its environment. */
export const commonSettings = {
  ...identitySettings,
  FLORIN_MODE: { read: mode, purpose: 'test or live: whether money is real' },
  FLORIN_DATABASE_URL: { read: secretUrl, purpose: "PostgreSQL, signed in as this process's own role" },
  FLORIN_VAULT_URL: { read: url, purpose: "the vault's internal door, reached over mutual TLS" },
  FLORIN_PROVIDERS: { read: readProviders, purpose: 'the payment providers, as JSON' },
  FLORIN_WEB_URL: { read: url, purpose: 'where browsers find the checkout and the console' },
  FLORIN_ESCALATE_AFTER: {
    read: wholeNumber,
    purpose: 'seconds without an answer from a provider until a person is told',
    fallback: 600,
  },
  FLORIN_CART_SEAL_KEY: { read: key256, purpose: '32 bytes in base64 that checkout sessions are sealed with' },
};

/** What they come to. */
export type Told = {
  [K in keyof typeof commonSettings]: (typeof commonSettings)[K] extends { read: Reader<infer T> } ? T : never;
};

/** @throws BadSettings where live mode would run in the open, or hand real cards to a simulated acquirer. */
export function requireFitForMoney({ FLORIN_WEB_URL, FLORIN_VAULT_URL, FLORIN_PROVIDERS }: Told): void {
  requireHttps(Object.entries({ FLORIN_WEB_URL, FLORIN_VAULT_URL }));
  const simulated = FLORIN_PROVIDERS.filter(({ kind }) => kind === 'sandbox').map(({ name }) => name);
  if (simulated.length === 0) return;
  throw new BadSettings(
    `FLORIN_PROVIDERS is malformed: ${simulated.join(', ')} only simulates, and live mode moves money.`,
  );
}
