/**
 * The states of an order and the legal moves between them, written once. From this table come the types, the CHECK in
 * the database and the exhaustive tests. It imports nothing.
 */
// biome-ignore format: the columns are the state diagram
export const orderMoves = {
  open:        { pay: 'paid', cancel: 'canceled', expire: 'expired' },
  paid:        { begin_fulfilment: 'fulfilling' },
  fulfilling:  { ship: 'fulfilled', refuse: 'failed', call_off: 'failed' },
  fulfilled:   {},
  failed:      { compensate: 'compensated' },
  compensated: { undo_compensation: 'failed' },
  canceled:    {},
  expired:     {},
} as const satisfies Record<string, Record<string, string>>;

export type OrderState = keyof typeof orderMoves;

export type OrderTrigger = { [S in OrderState]: keyof (typeof orderMoves)[S] }[OrderState];

// Forget a state, or lead a move to a word that is no state, and this line does not compile.
orderMoves satisfies Record<OrderState, Partial<Record<OrderTrigger, OrderState>>>;

/** What may happen to an order without its leaving the state. A fact is an event too and raises the version. */
// biome-ignore format: a table
export const orderFacts = {
  open:        [],
  paid:        [],
  fulfilling:  ['warehouse_asked', 'warehouse_silent', 'given_up', 'retried'],
  fulfilled:   [],
  failed:      ['refund_asked', 'refund_refused', 'given_up', 'retried'],
  compensated: [],
  canceled:    [],
  expired:     [],
} as const satisfies Record<OrderState, readonly string[]>;

export type OrderFact = (typeof orderFacts)[OrderState][number];

/** How every order begins: the one event that comes from nowhere. */
export const orderBirth = { trigger: 'create', to: 'open' } as const;

/** What an order's event may say happened. */
export type OrderEventTrigger = OrderTrigger | OrderFact | typeof orderBirth.trigger;

export const orderStates = Object.keys(orderMoves) as OrderState[];

/** Where something is, or was, to be sent: these states have a fulfilment. */
export const statesWithFulfilment = [
  'fulfilling',
  'fulfilled',
  'failed',
  'compensated',
] as const satisfies OrderState[];

/** Where `trigger` leads from `state`, which a fact does not leave; undefined where the tables have no such step. */
export function nextOrderState(state: OrderState, trigger: OrderEventTrigger): OrderState | undefined {
  const moves: Partial<Record<OrderEventTrigger, OrderState>> = orderMoves[state];
  const facts: readonly OrderEventTrigger[] = orderFacts[state];
  return moves[trigger] ?? (facts.includes(trigger) ? state : undefined);
}

/** Every legal (from, trigger, to), the birth and facts included: what the CHECK on the event row is made of. */
export function legalOrderSteps(): { from: OrderState | null; trigger: OrderEventTrigger; to: OrderState }[] {
  const moves = orderStates.flatMap((from) =>
    Object.entries(orderMoves[from]).map(([trigger, to]) => ({ from, trigger: trigger as OrderTrigger, to })),
  );
  const facts = orderStates.flatMap((state) =>
    orderFacts[state].map((trigger) => ({ from: state, trigger, to: state })),
  );
  return [{ from: null, ...orderBirth }, ...moves, ...facts];
}
