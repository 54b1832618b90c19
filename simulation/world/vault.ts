import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';
import type { Engine, Life } from '../engine/engine.ts';
import { type Asked, type ProviderName, providerNames } from '../plan.ts';
import type { Places } from './network-places.ts';
import { askedOf, filled, verdictOf } from './vault-egress.ts';
import type { Token, Tokens } from './vault-tokens.ts';

/** A provider's request as it leaves the vault, the card filled in. */
export interface Letter {
  provider: ProviderName;
  asked: Asked;
  /** Place of the payment in the plan. */
  n: number | undefined;
  /** Of this sort for this payment, from 1. */
  nth: number;
  /** In traces: `#3 authorize 1`. */
  name: string;
  method: 'GET' | 'POST';
  path: string;
  body: string | undefined;
  /** The key that it is sent under, or that it asks about. */
  key: string;
  sendBefore: Date;
  /** Who waits for the answer. */
  caller: Life;
  /** Another provider may be asked after trouble with this one, with this card. */
  more: boolean;
  card: string | undefined;
}

export type Reply =
  | { kind: 'answered'; status: number; text: string }
  | { kind: 'not_sent'; code: 'too_late' | 'provider_unreachable' }
  | { kind: 'silent'; why: 'timeout' | 'connection_lost' };

export interface VaultSeams {
  engine: Engine;
  clock: Clock;
  tokens: Tokens;
  places: Places;
  /** Takes a letter over the wire. Never rejects. */
  carry(letter: Letter): Promise<Reply>;
}

/** What was found out before the first byte leaves: the letter, or an answer at once. */
type Prepared = { letter: Letter; token: Token | undefined } | { answer: Sent };

/**
 * A double of the vault: no database, no TLS, no key ring, and tokens without the form that makes them. What it does
 * as the real one does, by the same contract: each (operation, step, send) leaves once, `sendBefore` is looked at again
 * right before the first byte, a token is good for one payment, a verification code ends with the last word on its
 * card, and what is silent is never called unsent. It never dies: its callers do, and their letters go on without them.
 *
 * @see server/vault/README.md
 */
export function makeVault(seams: VaultSeams): (life: Life) => VaultClient {
  const { engine, tokens, clock, places } = seams;
  const prepare = makePreparation(seams);
  const conclude = makeConclusion(seams);
  let grants = 0;

  async function send(life: Life, parcel: Parcel): Promise<Sent> {
    const asked = askedOf(parcel);
    const who = `#${tokens.placeOf(parcel.token) ?? places.ofPayment(parcel.payment) ?? '?'} ${asked ?? 'something'}`;
    const began = clock.now().getTime();
    const prepared = await engine.step(life, 'act', `${who} to the vault`, () => prepare(parcel, asked, life));
    if ('answer' in prepared) return prepared.answer;
    const reply = await seams.carry(prepared.letter);
    const sent = conclude(reply, { ...prepared, parcel, milliseconds: clock.now().getTime() - began });
    return engine.step(life, 'act', `${prepared.letter.name} ${wordOf(sent)}`, () => sent);
  }

  return (life) => ({
    grantFrame: () =>
      engine.step(life, 'act', 'a grant', () => {
        grants += 1;
        return { grant: `grant_${grants}`, expiresAt: new Date(clock.now().getTime() + 15 * 60_000) };
      }),
    describe: (token, use) => engine.step(life, 'act', `describes ${token}`, () => tokens.describe(token, use)),
    testToken: (name, scope) => engine.step(life, 'act', `token of ${name}`, () => tokens.ofTestCard(name, scope)),
    send: (parcel) => send(life, parcel),
  });
}

/** The checks and the claim, in the order of the real egress. */
function makePreparation({ clock, tokens, places }: VaultSeams) {
  const taken = new Set<string>();

  function record(parcel: Parcel): Token | undefined {
    if (parcel.token === undefined) return undefined;
    const { merchantId, intentId, currency } = parcel;
    const token = tokens.find(parcel.token, { merchantId, intentId, currency, amount: BigInt(parcel.amount) });
    if (token.paymentId !== undefined && token.paymentId !== parcel.payment) throw new NotSent('token_unusable');
    if (token.code === undefined) throw new NotSent('verification_code_gone');
    return token;
  }

  function checked(parcel: Parcel, asked: Asked | undefined, caller: Life): Prepared {
    const provider = providerNames.find((name) => name === parcel.provider);
    if (!provider) throw new NotSent('provider_unknown');
    if (!asked) throw new NotSent('not_allow_listed');
    requireFit(parcel, asked);
    const token = record(parcel);
    const sendBefore = new Date(parcel.sendBefore);
    if (clock.now() >= sendBefore) throw new NotSent('too_late');
    const body = filled(parcel, token);
    if (parcel.method === 'POST') {
      if (taken.has(sendOf(parcel))) return { answer: { kind: 'silent', why: 'already_sent', milliseconds: 0 } };
      taken.add(sendOf(parcel));
      places.keyed(keyOf(parcel), parcel.payment);
    }
    if (token) {
      token.paymentId = parcel.payment;
      places.settle(parcel.payment, token.n);
    }
    const { method, path, more = false } = parcel;
    const nth = places.nth(parcel.payment, asked);
    const n = places.ofPayment(parcel.payment);
    const name = `#${n ?? '?'} ${asked} ${nth}`;
    const key = keyOf(parcel);
    const card = token?.number;
    const letter = { provider, asked, n, nth, name, method, path, body, key, sendBefore, caller, more, card };
    return { letter, token };
  }

  return (parcel: Parcel, asked: Asked | undefined, caller: Life): Prepared => {
    try {
      return checked(parcel, asked, caller);
    } catch (error) {
      if (!(error instanceof NotSent || error instanceof Refusal)) throw error;
      // What stands in the way now may stand there because this very send has left.
      if (parcel.method === 'POST' && taken.has(sendOf(parcel)))
        return { answer: { kind: 'silent', why: 'already_sent', milliseconds: 0 } };
      return { answer: { kind: 'not_sent', code: error.code, message: error.message } };
    }
  };
}

interface Concluding {
  token: Token | undefined;
  parcel: Parcel;
  milliseconds: number;
}

function makeConclusion({ tokens }: VaultSeams) {
  return (reply: Reply, { token, parcel, milliseconds }: Concluding): Sent => {
    if (reply.kind === 'silent') return { ...reply, milliseconds };
    if (reply.kind === 'not_sent') return { ...reply, message: 'The provider could not be reached in time.' };
    const { status } = reply;
    const body = read(reply.text);
    const verdict = verdictOf(status, body);
    const final = verdict === 'approved' || verdict === 'declined';
    if (token && (final || (verdict !== 'open' && !parcel.more))) token.code = undefined;
    if (!token && final && parcel.method === 'GET') tokens.dropCodes(parcel.payment);
    return { kind: 'answered', status, body, milliseconds };
  };
}

/** A card goes with an authorisation alone, and for the amount that its token is looked up for. */
function requireFit({ token, body, amount, currency }: Parcel, asked: Asked): void {
  if (asked !== 'authorize' && token !== undefined) throw new NotSent('placeholder_refused');
  if (asked !== 'authorize') return;
  const same = String(body?.amount) === amount && body?.currency === currency;
  if (token === undefined || !same) throw new NotSent('token_unusable');
}

class NotSent extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`Nothing has left: ${code}.`);
    this.code = code;
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 2_000);
  }
}

function keyOf({ operation, step }: Parcel): string {
  return `${operation}-${step}`;
}

function sendOf({ operation, step, send }: Parcel): string {
  return `${operation}-${step}-${send}`;
}

function wordOf(sent: Sent): string {
  if (sent.kind === 'answered') return `answered ${sent.status}`;
  return sent.kind === 'silent' ? `silent: ${sent.why}` : `not sent: ${sent.code}`;
}
