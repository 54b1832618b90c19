import { Refusal } from '#server/kernel/refusal.ts';
import { type Behaviour, type DeclineReason, declineMessages } from './behaviour.ts';
import type { Authorization, Books } from './books.ts';
import { passesLuhn, type Rule, ruleOf, rules } from './cards.ts';
import type { Entry, EntryKind } from './entry.ts';

export interface Fees {
  /** Hundredths of a per cent of the captured amount. */
  basisPoints: number;
  /** Minor units per capture. */
  fixed: number;
}

/** What every request carries beside its own fields. */
export interface Stamp {
  at: Date;
  id: string;
  key: string;
  print: string;
  /** Makes the unguessable id of a challenge. */
  challenge: () => string;
}

export interface AuthorizeRequest {
  amount: number;
  currency: string;
  reference: string;
  returnUrl: string | undefined;
  card: { number: string; expMonth: number; expYear: number; cvc: string | undefined };
}

export interface Rulebook {
  behaviour: Behaviour;
  fees: Fees;
  /** How long this card's holder may take to answer, in milliseconds. */
  challengeLifetime(last4: string): number;
}

/** Decides an authorisation. Changes nothing: the entry it returns is what the journal will hold. */
export function decideAuthorize(_books: Books, rulebook: Rulebook, stamp: Stamp, ask: AuthorizeRequest): Entry {
  const { behaviour } = rulebook;
  const rule = ruleOf(ask.card.number);
  const entry: Entry = {
    ...common(stamp, 'authorization'),
    authorization: stamp.id,
    amount: ask.amount,
    currency: ask.currency,
    last4: ask.card.number.slice(-4),
    reference: ask.reference,
    rule,
  };
  const fault = faultOf(ask.card, stamp.at);
  if (fault) return declined(entry, behaviour, fault);
  if ((rules[rule] as Rule).challenge) return challenged(entry, rulebook, stamp, ask.returnUrl);
  const reason = verdictOf(rules[rule], ask.card.cvc !== undefined);
  return reason ? declined(entry, behaviour, reason) : entry;
}

/** How a challenge ends: the cardholder's answer, or none in time. */
export type ChallengeEnd = 'approve' | 'decline' | 'cancel' | 'time_out';

const failures = {
  decline: 'authentication_failed',
  cancel: 'authentication_cancelled',
  time_out: 'authentication_timed_out',
} as const;

/** What becomes of a challenged authorisation: once the cardholder is known, the issuer has the last word. */
export function decideChallenged(entry: Entry, { behaviour }: Rulebook, at: Date, end: ChallengeEnd): Entry {
  const now: Entry = { ...entry, at: at.toISOString(), status: 'approved' };
  const rule: Rule = rules[entry.rule];
  const reason = end === 'approve' ? rule.decline : failures[end];
  return reason ? declined(now, behaviour, reason) : now;
}

/** @throws Refusal `not_found` where no approved authorisation has this id. */
export function decideCapture(
  books: Books,
  { fees }: Rulebook,
  stamp: Stamp,
  ask: { id: string; amount: number },
): Entry {
  const authorization = existing(books.authorization(ask.id), 'authorization');
  const entry = { ...about(authorization.entry, stamp, 'capture'), amount: ask.amount };
  const closed = refuseClosed(entry, authorization);
  if (closed) return closed;
  const authorized = authorization.entry.amount;
  if (ask.amount > authorized) return refused(entry, 'amount_too_large', `Only ${authorized} is authorized.`);
  return { ...entry, fee: Math.floor((ask.amount * fees.basisPoints + 5_000) / 10_000) + fees.fixed };
}

/** @throws Refusal `not_found` where no approved authorisation has this id. */
export function decideVoid(books: Books, _rulebook: Rulebook, stamp: Stamp, ask: { id: string }): Entry {
  const authorization = existing(books.authorization(ask.id), 'authorization');
  const entry = about(authorization.entry, stamp, 'void');
  return refuseClosed(entry, authorization) ?? entry;
}

/**
 * Blocks a key for ever (a tombstone): what is asked under it, also later, does nothing. Refused where it was done
 * already; a challenge that waits for its answer ends.
 *
 * @throws Refusal `not_found` where this acquirer leaves no tombstones.
 */
export function decideVoidByKey(books: Books, { behaviour }: Rulebook, stamp: Stamp, ask: { key: string }): Entry {
  if (!behaviour.tombstone) throw new Refusal('not_found', 'Keys are not blocked here: nothing was voided.');
  const nothing = { amount: 0, currency: 'XXX', last4: '', reference: '', rule: 'approve' } as const;
  const entry = { ...common(stamp, 'tombstone'), ...nothing, authorization: ask.key };
  if (books.byKey(ask.key)?.status !== 'approved') return entry;
  return refused(entry, 'operation_done', 'What was asked under this key is done.');
}

/** @throws Refusal `not_found` where no approved capture has this id. */
export function decideRefund(
  books: Books,
  { behaviour }: Rulebook,
  stamp: Stamp,
  ask: { id: string; amount: number },
): Entry {
  const { entry: captured, refunded } = existing(books.capture(ask.id), 'capture');
  const entry = { ...about(captured, stamp, 'refund'), capture: captured.id, amount: ask.amount };
  const left = captured.amount - refunded;
  if (ask.amount > left) return refused(entry, 'amount_too_large', `Only ${left} of the capture is left to refund.`);
  const rule: Rule = rules[captured.rule];
  return rule.refund ? declined(entry, behaviour, rule.refund) : entry;
}

/**
 * A chargeback by the cardholder's bank: nobody asks the merchant.
 *
 * @throws Refusal `not_found` where no approved capture has this id.
 */
export function decideChargeback(
  books: Books,
  _rulebook: Rulebook,
  stamp: Stamp,
  ask: { id: string; amount: number },
): Entry {
  const { entry: captured, chargedBack } = existing(books.capture(ask.id), 'capture');
  const entry = { ...about(captured, stamp, 'chargeback'), capture: captured.id, amount: ask.amount };
  const left = captured.amount - chargedBack;
  if (ask.amount > left)
    return refused(entry, 'amount_too_large', `Only ${left} of the capture is left to charge back.`);
  return entry;
}

function existing<T>(found: T | undefined, what: string): T {
  if (!found) throw new Refusal('not_found', `No such ${what}.`, { param: 'id' });
  return found;
}

function common({ at, id, key, print }: Stamp, kind: EntryKind) {
  return { at: at.toISOString(), kind, id, key, print, status: 'approved', fee: 0 } as const;
}

function about(
  { authorization, amount, currency, last4, reference, rule }: Entry,
  stamp: Stamp,
  kind: EntryKind,
): Entry {
  return { ...common(stamp, kind), authorization, amount, currency, last4, reference, rule };
}

function refused(entry: Entry, code: string, message: string): Entry {
  return { ...entry, status: 'refused', code, message };
}

function challenged(entry: Entry, rulebook: Rulebook, { at, challenge }: Stamp, returnUrl: string | undefined): Entry {
  const expires = new Date(at.getTime() + rulebook.challengeLifetime(entry.last4));
  const times = { askedAt: at.toISOString(), expiresAt: expires.toISOString() };
  const asked = { id: challenge(), ...times, ...(returnUrl !== undefined && { returnUrl }) };
  return { ...entry, status: 'challenged', challenge: asked };
}

function declined(entry: Entry, { codes }: Behaviour, reason: DeclineReason): Entry {
  return { ...entry, status: 'declined', code: codes[reason], message: declineMessages[reason] };
}

function refuseClosed(entry: Entry, { closedBy }: Authorization): Entry | undefined {
  if (closedBy === 'capture') return refused(entry, 'authorization_captured', 'The authorization is captured already.');
  if (closedBy === 'void') return refused(entry, 'authorization_voided', 'The authorization is voided.');
  return undefined;
}

/** What is wrong with the card as typed, before its issuer is asked. */
function faultOf({ number, expMonth, expYear, cvc }: AuthorizeRequest['card'], now: Date): DeclineReason | undefined {
  if (!passesLuhn(number)) return 'incorrect_number';
  if (expMonth < 1 || expMonth > 12) return 'invalid_expiry_month';
  if (expYear < 2000 || expYear > now.getUTCFullYear() + 50) return 'invalid_expiry_year';
  // A card is good to the end of its month.
  if (expYear * 12 + expMonth < now.getUTCFullYear() * 12 + now.getUTCMonth() + 1) return 'expired_card';
  if (cvc !== undefined && cvc.length !== (/^3[47]/.test(number) ? 4 : 3)) return 'invalid_cvc';
  return undefined;
}

function verdictOf(rule: Rule, cvcSent: boolean): DeclineReason | undefined {
  return rule.onlyWithCvc && !cvcSent ? undefined : rule.decline;
}
