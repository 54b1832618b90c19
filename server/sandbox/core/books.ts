import type { Entry } from './entry.ts';

/** An approved authorisation and what was done with it: one capture or a void, never both. */
export interface Authorization {
  entry: Entry;
  closedBy?: 'capture' | 'void';
}

export interface Capture {
  entry: Entry;
  /** Minor units that approved refunds took back. */
  refunded: number;
  /** Minor units that chargebacks took back. */
  chargedBack: number;
}

/** Everything this acquirer knows: a fold over the journal's entries, in their order. */
export interface Books {
  /** A later entry with the same id takes the place of the former: a challenge was answered. */
  apply(entry: Entry): void;
  byKey(key: string): Entry | undefined;
  /** The first answer under this key, while it is remembered. */
  answered(key: string): Entry | undefined;
  authorization(id: string): Authorization | undefined;
  capture(id: string): Capture | undefined;
  /** Whether a tombstone blocks this key. */
  isBlocked(key: string): boolean;
  /** The authorisation that asked the cardholder so, whatever became of it. */
  byChallenge(id: string): Entry | undefined;
  /** Every key is as good as new, and unknown to inquiries, until the next start. */
  forgetKeys(): void;
  /** Those decided before this moment are as good as new; inquiries still find what became of them. */
  expireKeys(before: Date): void;
  /** In the order in which they were decided. */
  entries(): Iterable<Entry>;
}

export function makeBooks(): Books {
  const all = new Map<string, Entry>();
  const byKey = new Map<string, Entry>();
  const byChallenge = new Map<string, Entry>();
  const authorizations = new Map<string, Authorization>();
  const captures = new Map<string, Capture>();
  const blocked = new Set<string>();
  let rememberedSince = 0;

  function close(id: string, by: 'capture' | 'void') {
    const authorization = authorizations.get(id);
    if (authorization) authorization.closedBy = by;
  }

  const effects: Record<Entry['kind'], (entry: Entry) => void> = {
    authorization: (entry) => authorizations.set(entry.id, { entry }),
    capture(entry) {
      captures.set(entry.id, { entry, refunded: 0, chargedBack: 0 });
      close(entry.authorization, 'capture');
    },
    void: (entry) => close(entry.authorization, 'void'),
    refund(entry) {
      const capture = captures.get(entry.capture ?? '');
      if (capture) capture.refunded += entry.amount;
    },
    chargeback(entry) {
      const capture = captures.get(entry.capture ?? '');
      if (capture) capture.chargedBack += entry.amount;
    },
    tombstone(entry) {
      blocked.add(entry.authorization);
      const open = byKey.get(entry.authorization);
      if (open?.status === 'challenged') apply(voidedBefore({ ...open, at: entry.at }));
    },
  };

  function apply(entry: Entry) {
    // Out and in again: the books show things in the order in which they were decided.
    all.delete(entry.id);
    all.set(entry.id, entry);
    byKey.set(entry.key, entry);
    if (entry.challenge) byChallenge.set(entry.challenge.id, entry);
    if (entry.status === 'approved') effects[entry.kind](entry);
  }

  return {
    apply,
    byKey: (key) => byKey.get(key),
    answered(key) {
      const entry = byKey.get(key);
      return entry && Date.parse(entry.at) >= rememberedSince ? entry : undefined;
    },
    authorization: (id) => authorizations.get(id),
    capture: (id) => captures.get(id),
    isBlocked: (key) => blocked.has(key),
    byChallenge: (id) => byChallenge.get(id),
    forgetKeys: () => byKey.clear(),
    expireKeys(before) {
      rememberedSince = before.getTime();
    },
    entries: () => all.values(),
  };
}

/** What becomes of a request whose key is blocked. */
export function voidedBefore(entry: Entry): Entry {
  const message = 'This key was voided before the request was done.';
  return { ...entry, status: 'refused', code: 'operation_voided', message };
}
