/** A line of the acquirer's journal. Amounts are minor units. */
export interface Entry {
  /** Our idempotency key; null where nobody of ours asked for it. */
  key: string | null;
  kind: string;
  payment: string;
  amount: bigint;
  /** False where it said no. */
  done: boolean;
  ref: string;
}

/** What a client was told, once. */
export interface Answer {
  who: string;
  /** What it had asked for, and under which idempotency key and fingerprint where it sent one. */
  asked: { verb: string; key?: string; body?: string };
  /** A refusal's code, or the words of a failure that is no refusal. */
  no?: { refusal: string } | { failure: string };
  /** What the answer is about: the id of the intent, payment or operation, and its status or state. */
  yes?: { id: string; is: string };
}

export interface PaymentRow {
  id: string;
  intent_id: string;
  state: string;
  version: number;
  amount: bigint;
  authorized: bigint;
  captured: bigint;
  refunded: bigint;
  refund_reserved: bigint;
  charged_back: bigint;
  stray: bigint;
}

export interface OperationRow {
  id: string;
  payment_id: string;
  kind: string;
  status: string;
  amount: bigint;
  step: number;
  provider_ref: string | null;
  is_foreign: boolean;
}

export interface EventRow {
  payment_id: string;
  seq: number;
  from_state: string | null;
  trigger: string;
  to_state: string;
  operation_id: string | null;
}

export interface PostingRow {
  payment_id: string;
  kind: string;
  amount: bigint;
}

export interface KeyRow {
  key: string;
  subject_id: string;
}

/** What a consumer did, in the order in which it did it. */
export interface SeenRow {
  payment_id: string;
  seq: number;
}

/** Everything about one merchant: each schedule has one of its own. */
export interface Evidence {
  intents: { id: string }[];
  /** Those intents that were there before it began. */
  prepared: readonly string[];
  payments: PaymentRow[];
  operations: OperationRow[];
  events: EventRow[];
  postings: PostingRow[];
  keys: KeyRow[];
  seen: SeenRow[];
  journal: readonly Entry[];
  answers: readonly Answer[];
}
