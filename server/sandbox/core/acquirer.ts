import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Secret, sha256 } from '#server/kernel/secret.ts';
import type { Books } from './books.ts';
import type { Rulebook, Stamp } from './decide.ts';
import type { Entry, EntryKind } from './entry.ts';
import type { Journal } from './journal.ts';

export interface AcquirerSeams {
  rulebook: Rulebook;
  books: Books;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  /** Keys the hash that tells requests apart. */
  secret: Secret;
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
  /** Every decision that the journal holds, in its order. */
  entries(): Promise<Entry[]>;
}

const prefixes = { authorization: 'auth', capture: 'cap', void: 'void', refund: 'ref' } as const;

export function makeAcquirer({ rulebook, books, journal, clock, ids, secret }: AcquirerSeams): Acquirer {
  // Keyed, or the journal would let a card number be guessed. HMAC costs ten times as much here and adds nothing.
  const printOf = (facts: readonly unknown[]) =>
    sha256(JSON.stringify([secret.reveal(), ...facts])).toString('base64url');
  return {
    async perform({ key, kind, facts, decide }) {
      const print = printOf([kind, ...facts]);
      const known = books.byKey(key);
      if (known) {
        if (known.print !== print) throw otherRequest();
        // The first request may still wait for the disk; no answer is given that a crash could take back.
        await journal.settled();
        return { entry: known, replayed: true };
      }
      const id = `${prefixes[kind]}_${ids().replaceAll('-', '')}`;
      const entry = decide(books, rulebook, { at: clock.now(), id, key, print });
      // Applied before it is written, so that a second request in the meantime meets it.
      books.apply(entry);
      await journal.append(entry);
      return { entry, replayed: false };
    },
    async inquire(key) {
      const entry = books.byKey(key);
      await journal.settled();
      const age = entry ? clock.now().getTime() - Date.parse(entry.at) : 0;
      return age >= rulebook.behaviour.inquiryLag ? entry : undefined;
    },
    async entries() {
      const entries = [...books.entries()];
      await journal.settled();
      return entries;
    },
  };
}

function otherRequest(): Refusal {
  return new Refusal('idempotency_mismatch', 'This Idempotency-Key was used with another request.', {
    param: 'Idempotency-Key',
  });
}
