import type { Placeholder } from './placeholders.ts';

/** One request that a kind of provider understands. What is not listed is not sent. */
export interface Door {
  method: 'GET' | 'POST';
  path: RegExp;
  /** Where in the body card data may be filled in, by JSON pointer. A door without this takes no token. */
  fills?: Readonly<Record<string, Placeholder>>;
  /** Where in the body stands what the token was granted for. */
  charges?: { amount: string; currency: string };
}

export type Verdict = 'approved' | 'declined' | 'open';

export interface Kind {
  credentials(key: string): Record<string, string>;
  doors: readonly Door[];
  /** Whether an answer is final for the card: then its verification code is dropped. */
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
    credentials: (key) => ({ authorization: `Bearer ${key}` }),
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
    verdict(status, body) {
      const said = typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
      if ((status === 200 || status === 201) && said === 'approved') return 'approved';
      return status === 402 && said === 'declined' ? 'declined' : 'open';
    },
    traced: true,
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

export function doorOf(kind: Kind, { method, path }: { method: string; path: string }): Door | undefined {
  return kind.doors.find((door) => door.method === method && door.path.test(path));
}
