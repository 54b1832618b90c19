import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Random, type Secret, sha256, unguessable } from '#server/kernel/secret.ts';
import { type Books, voidedBefore } from './books.ts';
import { type ChallengeEnd, decideChallenged, type Rulebook, type Stamp } from './decide.ts';
import type { Entry, EntryKind } from './entry.ts';
import type { Journal } from './journal.ts';

export interface AcquirerSeams {
  rulebook: Rulebook;
  books: Books;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  random: Random;
  /** Keys the hash that tells requests apart. */
  secret: Secret;
  /** Hears of each decision once the journal holds it. */
  decided: (entry: Entry) => void;
}

/** One request under one idempotency key. */
export interface Ask {
  key: string;
  kind: Exclude<EntryKind, 'tombstone'>;
  /** What makes two requests the same. */
  facts: readonly (string | number)[];
  decide: (books: Books, rulebook: Rulebook, stamp: Stamp) => Entry;
  /** Of the card, where the request names one. */
  last4?: string;
  /** Made here, under a key that the merchant never sent. */
  origin?: 'console';
}

export interface Acquirer {
  /**
   * Does what is asked, once per key: a repetition gets the first answer. Resolves when the journal holds it.
   *
   * @throws Refusal `idempotency_mismatch` where the key was used with another request; `not_found` from the decision,
   *         which leaves the key unused.
   */
  perform(ask: Ask): Promise<{ entry: Entry; replayed: boolean }>;
  /** What became of a key, once it is old enough to be seen here. */
  inquire(key: string): Promise<Entry | undefined>;
  /** Ends a challenge, the first time that it is called; undefined where there is no such challenge. */
  endChallenge(id: string, end: ChallengeEnd): Promise<Entry | undefined>;
  /** Every decision that the journal holds, in its order. */
  entries(): Promise<Entry[]>;
}

const prefixes = { authorization: 'auth', capture: 'cap', void: 'void', refund: 'ref', chargeback: 'cb' } as const;

export function makeAcquirer(seams: AcquirerSeams): Acquirer {
  const { rulebook, books, journal, clock, ids, random, secret, decided } = seams;
  // Keyed, or the journal would let a card number be guessed. HMAC costs ten times as much here and adds nothing.
  const printOf = (facts: readonly unknown[]) =>
    sha256(JSON.stringify([secret.reveal(), ...facts])).toString('base64url');
  const challenge = () => unguessable(random);

  async function write(entry: Entry): Promise<Entry> {
    // Applied before it is written, so that a second request in the meantime meets it.
    books.apply(entry);
    await journal.append(entry);
    decided(entry);
    return entry;
  }

  return {
    async perform({ key, kind, facts, decide, origin }) {
      const print = printOf([kind, ...facts]);
      const known = books.answered(key);
      if (known) {
        if (known.print !== print) throw otherRequest();
        // The first request may still wait for the disk; no answer is given that a crash could take back.
        await journal.settled();
        return { entry: known, replayed: true };
      }
      const id = `${prefixes[kind]}_${ids().replaceAll('-', '')}`;
      const entry = decide(books, rulebook, { at: clock.now(), id, key, print, challenge });
      const kept = books.isBlocked(key) ? voidedBefore(entry) : entry;
      return { entry: await write(origin ? { ...kept, origin } : kept), replayed: false };
    },
    async inquire(key) {
      const entry = books.byKey(key);
      await journal.settled();
      return entry && visible(entry, clock.now().getTime() - rulebook.behaviour.inquiryLag);
    },
    async endChallenge(id, end) {
      const entry = books.byChallenge(id);
      if (entry?.status === 'challenged') return write(decideChallenged(entry, rulebook, clock.now(), end));
      await journal.settled();
      return entry;
    },
    async entries() {
      const entries = [...books.entries()];
      await journal.settled();
      return entries;
    },
  };
}

/** The entry as it was at this moment, in milliseconds since 1970. */
function visible(entry: Entry, moment: number): Entry | undefined {
  if (Date.parse(entry.at) <= moment) return entry;
  const { code, message, challenge, ...rest } = entry;
  if (!challenge || Date.parse(challenge.askedAt) > moment) return undefined;
  return { ...rest, challenge, status: 'challenged' };
}

function otherRequest(): Refusal {
  return new Refusal('idempotency_mismatch', 'This Idempotency-Key was used with another request.', {
    param: 'Idempotency-Key',
  });
}
