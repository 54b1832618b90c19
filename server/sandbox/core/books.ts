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
}

/** Everything this acquirer knows: a fold over the journal's entries, in their order. */
export interface Books {
  apply(entry: Entry): void;
  byKey(key: string): Entry | undefined;
  authorization(id: string): Authorization | undefined;
  capture(id: string): Capture | undefined;
  /** Whether a tombstone blocks this key. */
  isBlocked(key: string): boolean;
  /** In the order in which they were decided. */
  entries(): Iterable<Entry>;
}

export function makeBooks(): Books {
  const byKey = new Map<string, Entry>();
  const authorizations = new Map<string, Authorization>();
  const captures = new Map<string, Capture>();
  const blocked = new Set<string>();

  function close(id: string, by: 'capture' | 'void') {
    const authorization = authorizations.get(id);
    if (authorization) authorization.closedBy = by;
  }

  const effects: Record<Entry['kind'], (entry: Entry) => void> = {
    authorization: (entry) => authorizations.set(entry.id, { entry }),
    capture(entry) {
      captures.set(entry.id, { entry, refunded: 0 });
      close(entry.authorization, 'capture');
    },
    void: (entry) => close(entry.authorization, 'void'),
    refund(entry) {
      const capture = captures.get(entry.capture ?? '');
      if (capture) capture.refunded += entry.amount;
    },
    tombstone: (entry) => blocked.add(entry.authorization),
  };

  return {
    apply(entry) {
      byKey.set(entry.key, entry);
      if (entry.status === 'approved') effects[entry.kind](entry);
    },
    byKey: (key) => byKey.get(key),
    authorization: (id) => authorizations.get(id),
    capture: (id) => captures.get(id),
    isBlocked: (key) => blocked.has(key),
    entries: () => byKey.values(),
  };
}
