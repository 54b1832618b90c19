/**
 * The payment states and the legal moves between them, written once. From this table come the types, the CHECK in the
 * database, the diagram in the README and in the console, and the exhaustive tests. It imports nothing.
 */
// biome-ignore format: the columns are the state diagram
export const moves = {
  initiated:               { collect: 'payment_method_captured', expire: 'failed', cancel: 'failed' },
  payment_method_captured: { tokenize: 'tokenized', expire: 'failed', cancel: 'failed' },
  tokenized:               { approve: 'risk_checked', reject: 'failed', expire: 'failed', cancel: 'failed' },
  risk_checked:            { authorize: 'authorized', decline: 'failed', abandon: 'failed' },
  authorized:              { begin_capture: 'capture_pending', void: 'voided' },
  capture_pending:         { capture: 'captured', void: 'voided' },
  captured:                { reconcile: 'reconciled', refund_all: 'refunded' },
  reconciled:              { refund_all: 'refunded' },
  refunded:                { undo_refund: 'captured', undo_settled_refund: 'reconciled' },
  failed:                  {},
  voided:                  {},
} as const satisfies Record<string, Record<string, string>>;

export type PaymentState = keyof typeof moves;

export type Trigger = { [S in PaymentState]: keyof (typeof moves)[S] }[PaymentState];

/** Where a move leads, as a type: `Move<'authorized', 'void'>` is 'voided'; of an illegal one nothing comes. */
export type Move<S extends PaymentState, T extends Trigger> = S extends PaymentState
  ? T extends keyof (typeof moves)[S]
    ? (typeof moves)[S][T]
    : undefined
  : never;

// Forget a state, or lead a move to a word that is no state, and this line does not compile.
moves satisfies Record<PaymentState, Partial<Record<Trigger, PaymentState>>>;

/** What becomes of an operation without the payment leaving its state. */
const asked = [
  'operation_opened',
  'operation_unanswered',
  'operation_resent',
  'operation_pending',
  'operation_absent',
  'operation_refused',
] as const;
/** What a provider tells against our expectations, and what people make of it. */
const unexpected = [
  'late_effect',
  'foreign_effect',
  'stray_returned',
  'escalated',
  'escalation_proposed',
  'escalation_withdrawn',
  'escalation_closed',
] as const;

/** What may happen in a state without leaving it. A fact is an event too and raises the version. */
// biome-ignore format: a table
export const facts = {
  initiated:               [],
  payment_method_captured: [],
  tokenized:               [],
  risk_checked:            [...asked, ...unexpected, 'operation_challenged', 'queued'],
  authorized:              [...asked, ...unexpected, 'review_opened', 'review_closed'],
  capture_pending:         [...asked, ...unexpected],
  captured:                [...asked, ...unexpected, 'partial_refund', 'refund_undone', 'refund_settled', 'chargeback'],
  reconciled:              [...asked, ...unexpected, 'partial_refund', 'refund_undone', 'refund_settled', 'chargeback'],
  refunded:                [...asked, ...unexpected, 'settled', 'refund_settled', 'chargeback'],
  failed:                  [...asked, ...unexpected, 'intent_canceled'],
  voided:                  [...asked, ...unexpected, 'intent_canceled'],
} as const satisfies Record<PaymentState, readonly string[]>;

export type Fact = (typeof facts)[PaymentState][number];

/** How every payment begins: the one event that comes from nowhere. */
export const birth = { trigger: 'create', to: 'initiated' } as const;

/** What an event row may say happened. */
export type EventTrigger = Trigger | Fact | typeof birth.trigger;

export const states = Object.keys(moves) as PaymentState[];
export const triggers = [...new Set(states.flatMap((state) => Object.keys(moves[state])))] as Trigger[];

/** A payment that still may take or hold money. At most one per intent. */
export function isLive(state: PaymentState): boolean {
  return state !== 'failed' && state !== 'voided';
}

/** Where `trigger` leads from `state`, or undefined where the table has no such move. */
export function next<S extends PaymentState, T extends Trigger>(state: S, trigger: T): Move<S, T> {
  const out: Partial<Record<Trigger, PaymentState>> = moves[state];
  return out[trigger] as Move<S, T>;
}

/** Every legal (from, trigger, to), births and facts included: what the CHECK on the event row is made of. */
export function legalSteps(): { from: PaymentState | null; trigger: EventTrigger; to: PaymentState }[] {
  return [
    { from: null, ...birth },
    ...states.flatMap((from) =>
      Object.entries(moves[from] as Partial<Record<Trigger, PaymentState>>).map(([trigger, to]) => ({
        from,
        trigger: trigger as Trigger,
        to,
      })),
    ),
    ...states.flatMap((state) => facts[state].map((fact) => ({ from: state, trigger: fact, to: state }))),
  ];
}
