import type { RuleName } from './cards.ts';

/** What moves money, and a tombstone, which keeps a late request from doing so. */
export type EntryKind = 'authorization' | 'capture' | 'void' | 'refund' | 'chargeback' | 'tombstone';

/** How the cardholder is asked (3-D Secure). It stays on the entry that the answer makes of it. */
export interface Challenge {
  /** Unguessable: who knows it may answer. */
  id: string;
  askedAt: string;
  expiresAt: string;
  /** Where the cardholder's browser goes on. */
  returnUrl?: string;
}

/**
 * One decision, and one line of the journal: from these lines alone the state, the answers and the books are rebuilt.
 * Amounts are integer minor units. Of the card it holds the last four digits and the name of its rule, nothing more.
 */
export interface Entry {
  /** ISO 8601, UTC. */
  at: string;
  kind: EntryKind;
  id: string;
  /** The caller's Idempotency-Key. */
  key: string;
  /** A keyed hash of the request, to tell a repetition from another request under the same key. */
  print: string;
  /** `declined` by the issuer (402), `refused` by our own rules (422), `challenged` until its holder answers (202). */
  status: 'approved' | 'declined' | 'refused' | 'challenged';
  code?: string;
  message?: string;
  /** The authorisation all this is about; for an authorisation its own id, for a tombstone the key it blocks. */
  authorization: string;
  /** The capture that a refund or a chargeback takes from. */
  capture?: string;
  challenge?: Challenge;
  /** Made here, not asked for by the merchant. */
  origin?: 'console';
  amount: number;
  currency: string;
  fee: number;
  last4: string;
  reference: string;
  rule: RuleName;
}

export const httpStatus = { approved: 201, declined: 402, refused: 422, challenged: 202 } as const;

/** Where the cardholder answers a challenge, by its id. */
export type ChallengeUrl = (id: string) => string;

/** What the caller hears, the first time and every time after; of a challenge, what has become of it since. */
export function answerOf(entry: Entry, challengeUrl: ChallengeUrl) {
  const { challenge } = entry;
  return {
    id: entry.id,
    kind: entry.kind,
    status: entry.status,
    amount: entry.amount,
    currency: entry.currency,
    authorization_id: entry.authorization,
    ...(entry.capture !== undefined && { capture_id: entry.capture }),
    ...(entry.kind === 'capture' && entry.status === 'approved' && { fee: entry.fee }),
    ...(entry.code !== undefined && { code: entry.code, message: entry.message }),
    ...(entry.status === 'challenged' &&
      challenge && { challenge_url: challengeUrl(challenge.id), expires_at: challenge.expiresAt }),
  };
}

/** An effect as the books show it, or undefined where nothing happened to money. */
export function effectOf(entry: Entry) {
  if (entry.status !== 'approved' || entry.kind === 'tombstone') return undefined;
  const { at, kind, id, key, authorization, amount, currency, fee, last4, reference, origin } = entry;
  const effect = { at, kind, id, key, authorization, amount, currency, fee, last4, reference };
  return origin ? { ...effect, origin } : effect;
}
