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
}

export interface AuthorizeRequest {
  amount: number;
  currency: string;
  reference: string;
  card: { number: string; expMonth: number; expYear: number; cvc: string | undefined };
}

export interface Rulebook {
  behaviour: Behaviour;
  fees: Fees;
}

/** Decides an authorisation. Changes nothing: the entry it returns is what the journal will hold. */
export function decideAuthorize(books: Books, { behaviour }: Rulebook, stamp: Stamp, ask: AuthorizeRequest): Entry {
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
  if (books.isBlocked(stamp.key)) {
    return refused(entry, 'operation_voided', 'This key was voided before the request arrived.');
  }
  const reason = faultOf(ask.card, stamp.at) ?? verdictOf(rules[rule], ask.card.cvc !== undefined);
  return reason ? declined(entry, behaviour, reason) : entry;
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
 * Voids what another key did or may still do: the authorisation made under it or, where none arrived yet, its chance to
 * arrive (a tombstone).
 *
 * @throws Refusal `not_found` for a key without an approved authorisation, where this acquirer leaves no tombstones.
 */
export function decideVoidByKey(books: Books, rulebook: Rulebook, stamp: Stamp, ask: { key: string }): Entry {
  const target = books.byKey(ask.key);
  if (target) return decideVoid(books, rulebook, stamp, { id: target.id });
  if (!rulebook.behaviour.tombstone) throw new Refusal('not_found', 'No operation has this key: nothing was voided.');
  const nothing = { amount: 0, currency: 'XXX', last4: '', reference: '', rule: 'approve' } as const;
  return { ...common(stamp, 'tombstone'), ...nothing, authorization: ask.key };
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
  // Here a 3-D Secure challenge will be answered. Until it is, the cardholder counts as authenticated without being
  // asked ("frictionless"), and what the issuer says afterwards is said at once.
  if (rule.challenge) return rule.decline;
  return rule.onlyWithCvc && !cvcSent ? undefined : rule.decline;
}
