/**
 * What can befall a simulated payment: the faults of the catalogue that this layer injects, by their numbers there.
 * Those that need a real process, disk or kernel belong to `chaos/` or are listed as not simulated.
 */
// biome-ignore format: a table
export const faults = {
  F1:  { where: 'process',  says: 'a process dies between two steps' },
  F2:  { where: 'database', says: 'a process dies inside a transaction, before COMMIT' },
  F3:  { where: 'database', says: 'COMMIT is done and its answer is lost' },
  F4:  { where: 'process',  says: 'a process dies with the provider’s answer in its hands' },
  F5:  { where: 'client',   says: 'the answer to the client is lost' },
  F7:  { where: 'process',  says: 'a process is frozen past every lease and wakes' },
  F8:  { where: 'exchange', says: 'the request to the provider is lost' },
  F9:  { where: 'exchange', says: 'the provider acts and its answer is lost' },
  F10: { where: 'exchange', says: 'the provider acts long after it was given up' },
  F11: { where: 'exchange', says: 'the provider answers slowly' },
  F12: { where: 'exchange', says: 'the provider acts and answers 500, or turns away with 429' },
  F13: { where: 'exchange', says: 'the provider answers a wrong amount, currency or id, or broken JSON' },
  F14: { where: 'acquirer', says: 'the provider forgets its idempotency keys' },
  F15: { where: 'exchange', says: 'the provider does not know a request that is still under way' },
  F16: { where: 'exchange', says: 'unknown at one provider while another one would take it' },
  F17: { where: 'exchange', says: 'a cancel arrives where no tombstone is left, before the request it blocks' },
  F18: { where: 'acquirer', says: 'a provider goes up and down, and the breakers with it' },
  F19: { where: 'webhook',  says: 'a webhook comes up to fifty times, at once' },
  F20: { where: 'webhook',  says: 'webhooks come in another order' },
  F21: { where: 'webhook',  says: 'a webhook comes before our own answer' },
  F22: { where: 'webhook',  says: 'a forged webhook comes' },
  F23: { where: 'webhook',  says: 'an old webhook comes again, or one from the future' },
  F24: { where: 'webhook',  says: 'the body of a webhook comes again under another id' },
  F26: { where: 'webhook',  says: 'a webhook is lost for ever' },
  F28: { where: 'database', says: 'the database stops in the midst of it' },
  F34: { where: 'database', says: 'a transaction cannot be serialised' },
  F38: { where: 'process',  says: 'a process’s clock is off by up to two minutes' },
  F39: { where: 'process',  says: 'everything stands still for a minute' },
  F41: { where: 'bus',      says: 'a consumer dies between its effect and its cursor' },
  F42: { where: 'bus',      says: 'an event is handed out twice' },
  F43: { where: 'bus',      says: 'a consumer cannot deal with an event' },
  F44: { where: 'bus',      says: 'two workers run one consumer at once' },
  F45: { where: 'database', says: 'a transaction commits after one that began later' },
  F50: { where: 'process',  says: 'all processes die at once' },
  F51: { where: 'client',   says: 'clients send one key at the same time' },
  F52: { where: 'client',   says: 'a client sends its key with another body' },
  F53: { where: 'client',   says: 'the owner of a key dies and the client comes again' },
  F54: { where: 'client',   says: 'refunds are asked at once that exceed the capture together' },
  F55: { where: 'acquirer', says: 'a refund and a chargeback cross' },
  F58: { where: 'process',  says: 'two workers look after one operation' },
  F59: { where: 'client',   says: 'a cancel crosses a success' },
  F60: { where: 'acquirer', says: 'a compensation is refused or fails, and fails again' },
} as const satisfies Record<`F${number}`, { where: string; says: string }>;

export type FaultKind = keyof typeof faults;
export type FaultPlace = (typeof faults)[FaultKind]['where'];

/** What is counted of each kind. A fault that never took effect counts as not tested. */
export interface FaultCount {
  injected: number;
  /** It made a difference: the answer that was lost had been on its way. */
  took: number;
  /** Took effect, and every payment that it touched is at rest without a breach. */
  recovered: number;
}

/** Keeps account of faults, and of the payments (by their place in the plan) that met each. */
export interface Tally {
  injected(kind: FaultKind): void;
  took(kind: FaultKind, payments: Iterable<number>): void;
  /** By payment: the kinds that it met. */
  met(): ReadonlyMap<number, ReadonlySet<FaultKind>>;
  counts(broken: ReadonlySet<number>): Record<FaultKind, FaultCount>;
}
