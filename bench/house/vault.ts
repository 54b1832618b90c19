import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Random, sameSecret, sha256, unguessable } from '#server/kernel/secret.ts';
import type { CardUse, GrantScope, Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';
import { makeRecent } from './recent.ts';

export interface InstantVault extends VaultClient {
  /** What the card's frame does with a permission: a token for a card that a shopper has typed. */
  takeCard(grant: string): string;
}

export interface VaultSeams {
  clock: Clock;
  random: Random;
}

/** Milliseconds. */
const lifetime = 15 * 60_000;
/** Longer than a send may be on its way. */
const remembered = 15_000;
/** Bytes of a token: as many characters as a real one has. */
const [grantSize, sealSize] = [16, 12];

type Whose = Pick<GrantScope, 'merchantId' | 'intentId' | 'currency'>;

/**
 * The vault and an acquirer behind it that says yes at once, in memory: what is left when disks, sockets and TLS of
 * others are taken away, so that a figure is Florin's own. What it refuses it refuses as the real one does, which
 * `vault.test.ts` holds it to: a token is checked for what it was granted for, each (operation, step, send) leaves
 * once, nothing leaves after its time, a card's code is gone once it was approved.
 *
 * Inquiries are answered with silence: it keeps no books.
 */
export function makeInstantVault({ clock, random }: VaultSeams): InstantVault {
  const key = unguessable(random);
  const taken = makeRecent<true>(clock, remembered);
  const used = makeRecent<string>(clock, remembered);

  /** What a token was granted for is sealed into it: there is nothing to keep for it, and memory stays flat. */
  function seal(grant: Buffer, { merchantId, intentId, currency }: Whose): Buffer {
    return sha256(`${key} ${grant.toString('base64')} ${merchantId} ${intentId} ${currency}`).subarray(0, sealSize);
  }

  /** The most that it may be used for, until when, and a salt, so that two tokens of one grant are two. */
  function tokenFor({ maxAmount, ...whose }: GrantScope): string {
    const grant = Buffer.concat([Buffer.alloc(12), random(grantSize - 12)]);
    grant.writeUIntBE(Number(maxAmount), 0, 6);
    grant.writeUIntBE(clock.now().getTime() + lifetime, 6, 6);
    return `pm_${Buffer.concat([grant, seal(grant, whose)]).toString('base64url')}`;
  }

  function find(token: string, use: CardUse): void {
    const bytes = Buffer.from(token.slice('pm_'.length), 'base64url');
    const grant = bytes.subarray(0, grantSize);
    if (!sameSecret(seal(grant, use), bytes.subarray(grantSize))) throw unusable();
    const [most, until] = [grant.readUIntBE(0, 6), grant.readUIntBE(6, 6)];
    if (use.amount <= 0n || use.amount > BigInt(most) || clock.now().getTime() >= until) throw unusable();
  }

  /** @throws Refusal with why nothing leaves. */
  function admit(parcel: Parcel): void {
    const { token, payment, merchantId, intentId, currency, amount, path } = parcel;
    const authorizes = path === '/authorizations';
    if (!authorizes && !/^\/authorizations\/[\w:-]+\/captures$/.test(path)) throw new NotSent('not_allow_listed');
    if (authorizes !== (token !== undefined)) throw new NotSent(authorizes ? 'token_unusable' : 'placeholder_refused');
    if (token !== undefined) {
      if (String(parcel.body?.amount) !== amount || parcel.body?.currency !== currency) throw unusable();
      find(token, { merchantId, intentId, currency, amount: BigInt(amount) });
      const by = used.get(token);
      if (by !== undefined && by !== payment) throw unusable();
      if (by !== undefined) throw new NotSent('verification_code_gone');
    }
    if (clock.now() >= new Date(parcel.sendBefore)) throw new NotSent('too_late');
  }

  return {
    async grantFrame(scope) {
      return { grant: `grant_${tokenFor(scope)}`, expiresAt: new Date(clock.now().getTime() + lifetime) };
    },
    takeCard: (grant) => grant.slice('grant_'.length),
    async describe(token, use) {
      find(token, use);
      // A card of its own for each token: shoppers are many, and a velocity rule counts by card.
      const fingerprint = sha256(token).toString('base64url').slice(0, 22);
      return { brand: 'visa', last4: '4242', expMonth: 12, expYear: clock.now().getUTCFullYear() + 3, fingerprint };
    },
    async testToken(name, scope) {
      if (name !== 'pm_card_visa') throw new Refusal('invalid_input', `No such test card: '${name}'`);
      return tokenFor(scope);
    },
    async send(parcel) {
      const { operation, step, send, token, payment } = parcel;
      if (parcel.method === 'GET') return { kind: 'silent', why: 'no_books', milliseconds: 0 };
      const name = `${operation}-${step}-${send}`;
      const gone: Sent = { kind: 'silent', why: 'already_sent', milliseconds: 0 };
      if (taken.get(name)) return gone;
      try {
        admit(parcel);
      } catch (error) {
        if (!(error instanceof NotSent || error instanceof Refusal)) throw error;
        return { kind: 'not_sent', code: error.code, message: error.message };
      }
      taken.set(name, true);
      if (token !== undefined) used.set(token, payment);
      return { kind: 'answered', status: 201, body: approvalOf(parcel), milliseconds: 0 };
    },
  };
}

/** Hundredths of a per cent, and minor units, as the simulated acquirers take them. */
const fees = { basisPoints: 140, fixed: 25 };

/** The acquirer's answer. Its ids follow from the operation's, as an idempotent answer's must. */
function approvalOf({ operation, amount, currency, path, body }: Parcel) {
  const name = operation.replaceAll('-', '');
  const told = { status: 'approved', amount: Number(body?.amount ?? amount), currency };
  if (path === '/authorizations') {
    return { id: `auth_${name}`, kind: 'authorization', ...told, authorization_id: `auth_${name}` };
  }
  const fee = Math.floor((told.amount * fees.basisPoints + 5_000) / 10_000) + fees.fixed;
  return { id: `cap_${name}`, kind: 'capture', ...told, authorization_id: path.split('/')[2], fee };
}

class NotSent extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`Nothing has left: ${code}.`);
    this.code = code;
  }
}

function unusable(): Refusal {
  return new Refusal('token_unusable', 'This card token is unknown, expired, used, or not meant for this payment.');
}
