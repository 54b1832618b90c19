import type { Currency } from '#server/kernel/money.ts';

/** What went over the wire, for the timeline: scrubbed by the vault, then cut to the fields that a provider lists. */
export interface Exchange {
  /** HTTP status, where there was an answer. */
  status?: number;
  milliseconds: number;
  answer?: unknown;
}

/**
 * What became of an operation. A reply, a webhook, an inquiry and a settlement line all become one of these.
 *
 * `accepted` and `refused` are the provider's definite word. `absent`: it does not know the operation, which is final
 * only once no request can still be under way. `unknown` says nothing about the money: the operation stays unclosed.
 * `not_taken` is nobody's "no": this first send did nothing, and the same may be asked again.
 */
export type Outcome =
  | { kind: 'accepted'; providerRef: string; amount: bigint; currency: Currency; fee?: bigint; exchange: Exchange }
  | {
      kind: 'refused';
      /** One of `declineCodes`; or the vault's word on the token, `token_unusable` or `verification_code_gone`. */
      code: string;
      /** In the provider's own words, where it gave one. */
      providerCode: string | null;
      message: string;
      /** Another provider may be tried. */
      retryable: boolean;
      exchange: Exchange;
    }
  /** `providerRef` where the provider has an id for it before it is decided. */
  | { kind: 'challenged'; url: string; providerRef?: string; exchange: Exchange }
  | { kind: 'pending'; providerRef?: string; exchange: Exchange }
  | { kind: 'unknown'; why: string; exchange: Exchange }
  | { kind: 'not_taken'; why: string; exchange: Exchange }
  | { kind: 'absent'; exchange: Exchange };
