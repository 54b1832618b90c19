import { type Reader, secretText, url } from '#server/kernel/env.ts';
import { requireCurrency } from '#server/kernel/money.ts';
import type { Secret } from '#server/kernel/secret.ts';

/** A Stripe account beside the simulated acquirers. */
export interface StripeAccount {
  /** Stripe itself, or what speaks as it does. */
  url: string;
  key: Secret;
  /** What its webhooks are signed with; without one none is taken. */
  webhookSecret: Secret | undefined;
  /** What it is asked to take; every currency where none is named. */
  currencies: string[];
}

const itself = 'https://api.stripe.com';

/** Where Stripe's webhooks come from. @see https://docs.stripe.com/ips#webhook-notifications */
const addresses = [
  ...['3.18.12.63', '3.130.192.231', '13.235.14.237', '13.235.122.149', '18.211.135.69', '35.154.171.200'],
  ...['52.15.183.38', '54.88.130.119', '54.88.130.237', '54.187.174.169', '54.187.205.235', '54.187.216.72'],
];

const currencyList: Reader<string[]> = (value) => value.split(',').map((code) => requireCurrency(code.trim()));

export const stripeSettings = {
  FLORIN_STRIPE_KEY: {
    read: secretText as Reader<Secret | undefined>,
    purpose: "a Stripe account's secret key",
    fallback: undefined,
  },
  FLORIN_STRIPE_URL: { read: url, purpose: 'where it is called', fallback: itself },
  FLORIN_STRIPE_WEBHOOK_SECRET: {
    read: secretText as Reader<Secret | undefined>,
    purpose: 'what its webhooks are signed with',
    fallback: undefined,
  },
  FLORIN_STRIPE_CURRENCIES: { read: currencyList, purpose: 'the currencies it takes', fallback: [] as string[] },
};

interface StripeValues {
  FLORIN_STRIPE_KEY: Secret | undefined;
  FLORIN_STRIPE_URL: string;
  FLORIN_STRIPE_WEBHOOK_SECRET: Secret | undefined;
  FLORIN_STRIPE_CURRENCIES: string[];
}

/** The account that is set up, if one is: the key says so. */
export function stripeOf(values: StripeValues): StripeAccount | undefined {
  const { FLORIN_STRIPE_KEY: key, FLORIN_STRIPE_URL: url, FLORIN_STRIPE_WEBHOOK_SECRET: webhookSecret } = values;
  return key && { url, key, webhookSecret, currencies: values.FLORIN_STRIPE_CURRENCIES };
}

/** For the vault alone: where it is called, and with which key. */
export function stripeEgress(account: StripeAccount | undefined) {
  return account && { stripe: { kind: 'stripe', url: account.url, key: account.key.reveal() } };
}

/** The last in the operator's order, at the price of a European card. */
export function stripeProvider(account: StripeAccount | undefined): object[] {
  if (!account) return [];
  const { currencies } = account;
  return [{ name: 'stripe', kind: 'stripe', feeBasisPoints: 150, feeFixed: 25, currencies }];
}

/** From whom its webhooks are taken. */
export function stripeWebhooks(account: StripeAccount | undefined) {
  if (!account?.webhookSecret) return undefined;
  const known = account.url === itself ? addresses : ['127.0.0.1', '::1'];
  return { stripe: { secrets: [account.webhookSecret.reveal()], addresses: known } };
}

/** Whose pages a challenge may be shown on, inside of the checkout. */
export function stripeChallenges(account: StripeAccount | undefined): string[] {
  if (!account) return [];
  return [account.url === itself ? 'https://hooks.stripe.com' : new URL(account.url).origin];
}
