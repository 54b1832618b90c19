import type { Placeholder } from './placeholders.ts';
import { sandboxVerdict, stripeVerdict, type Verdict } from './verdict.ts';

/** One request that a kind of provider understands. What is not listed is not sent. */
export interface Door {
  method: 'GET' | 'POST';
  path: RegExp;
  /** Where in the body card data may be filled in, by JSON pointer. A door without this takes no token. */
  fills?: Readonly<Record<string, Placeholder>>;
  /** Where in the body stands what the token was granted for. */
  charges?: Charges;
}

export interface Charges {
  amount: string;
  /** In capitals or small letters. */
  currency: string;
  /** Currencies whose amounts this provider counts in hundredths of ISO 4217's minor unit. */
  hundredths?: readonly string[];
}

export interface Kind {
  /** What each request carries beside its body: the credential, and where there is one the version of the format. */
  headers(key: string): Record<string, string>;
  /** How a body is written. A form is flat: its names are the provider's own, brackets and all. */
  encoding: 'json' | 'form';
  doors: readonly Door[];
  /** What an answer means for the card, and with that for its verification code. */
  verdict(status: number, body: unknown): Verdict;
  /** Passes the trace on; only to providers that are a part of this installation. */
  traced: boolean;
}

// Never two dots: a path may not climb.
const name = String.raw`[\w:-][\w.:-]{0,119}`;
const path = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', name)}$`);

/** Kinds of provider by name: the allow-list of what may leave this installation, and with which card fields. */
export const kinds = {
  sandbox: {
    headers: (key) => ({ authorization: `Bearer ${key}` }),
    encoding: 'json',
    doors: [
      {
        method: 'POST',
        path: path('/authorizations'),
        fills: {
          '/card/number': '{{card.number}}',
          '/card/exp_month': '{{card.exp_month}}',
          '/card/exp_year': '{{card.exp_year}}',
          '/card/cvc': '{{card.cvc}}',
        },
        charges: { amount: 'amount', currency: 'currency' },
      },
      { method: 'POST', path: path('/authorizations/*/captures') },
      { method: 'POST', path: path('/authorizations/*/voids') },
      { method: 'POST', path: path('/operations/*/voids') },
      { method: 'POST', path: path('/captures/*/refunds') },
      { method: 'GET', path: path('/operations/*') },
    ],
    verdict: sandboxVerdict,
    traced: true,
  },
  stripe: {
    // Pinned: the connector reads answers of this version, whatever the account's own default is.
    headers: (key) => ({ authorization: `Bearer ${key}`, 'stripe-version': '2026-10-28.endive' }),
    encoding: 'form',
    doors: [
      {
        method: 'POST',
        path: path('/v1/payment_intents'),
        fills: {
          '/payment_method_data[card][number]': '{{card.number}}',
          '/payment_method_data[card][exp_month]': '{{card.exp_month}}',
          '/payment_method_data[card][exp_year]': '{{card.exp_year}}',
          '/payment_method_data[card][cvc]': '{{card.cvc}}',
        },
        charges: { amount: 'amount', currency: 'currency', hundredths: ['ISK', 'UGX'] },
      },
      { method: 'POST', path: path('/v1/payment_intents/*/capture') },
      { method: 'POST', path: path('/v1/payment_intents/*/cancel') },
      { method: 'POST', path: path('/v1/refunds') },
      {
        method: 'GET',
        path: path(String.raw`/v1/payment_intents/*(\?expand\[0\]=latest_charge\.balance_transaction)?`),
      },
      {
        method: 'GET',
        path: path(
          String.raw`/v1/payment_intents\?created\[gte\]=\d+&created\[lte\]=\d+&limit=100(&starting_after=*)?`,
        ),
      },
      { method: 'GET', path: path(String.raw`/v1/refunds\?charge=*&limit=100`) },
    ],
    verdict: stripeVerdict,
    traced: false,
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

export function doorOf(kind: Kind, { method, path }: { method: string; path: string }): Door | undefined {
  return kind.doors.find((door) => door.method === method && door.path.test(path));
}
