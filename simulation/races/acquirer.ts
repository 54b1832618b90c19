import type { Order } from '#server/providers/contract.ts';
import { keyOf } from '#server/providers/contract.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Entry } from './judge/evidence.ts';

/**
 * A tiny acquirer. It does each key once, and everything that it is asked for: it forbids no second capture, no void
 * beside it and no refund beyond it, so that what we ask too much is seen in its books.
 */
export interface Acquirer {
  /** What it has done, in order. */
  readonly journal: readonly Entry[];
  /** A request arrives. `refuses` where it is a new one and the card's bank says no. */
  hear(order: Order, refuses?: boolean): Outcome;
  /** What became of a request. */
  tell(order: Order): Outcome;
  /** Somebody gives money back in its own console, or a bank takes it. Returns the acquirer's id of that. */
  actAlone(kind: 'refund' | 'chargeback', payment: string, amount: bigint): string;
}

const exchange = { milliseconds: 1 };

/** @param before  What it had done before. */
export function makeAcquirer(before: readonly Entry[] = []): Acquirer {
  const journal = [...before];

  function write(entry: Omit<Entry, 'ref'>): Entry {
    const written = { ...entry, ref: `${entry.kind} ${journal.length + 1} of ${entry.payment}` };
    journal.push(written);
    return written;
  }

  const known = (order: Order) => journal.find(({ key }) => key === keyOf(order));

  return {
    journal,
    hear(order, refuses = false) {
      const { kind, payment, amount } = order;
      return answer(known(order) ?? write({ key: keyOf(order), kind, payment, amount, done: !refuses }), order);
    },
    tell(order) {
      const entry = known(order);
      return entry ? answer(entry, order) : { kind: 'absent', exchange };
    },
    actAlone: (kind, payment, amount) => write({ key: null, kind, payment, amount, done: true }).ref,
  };
}

function answer({ done, ref, amount }: Entry, { currency }: Order): Outcome {
  if (done) return { kind: 'accepted', providerRef: ref, amount, currency, exchange };
  const code = 'insufficient_funds';
  return { kind: 'refused', code, providerCode: null, message: 'no', retryable: false, exchange };
}
