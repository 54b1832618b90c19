import type { Room } from './mistake.ts';

/**
 * A room's own tests that stage no race and inject no fault of the catalogue, left to see what a careful reader of the
 * room would see. Those left out are named by how they begin.
 */
export interface Units {
  files: readonly string[];
  leftOut: readonly string[];
}

const payments: Units = {
  files: [
    'server/payments/core/machine.test.ts',
    'server/payments/core/commit.test.ts',
    'server/payments/core/walls.test.ts',
    'server/payments/failover.test.ts',
    'server/payments/give-up.test.ts',
    'server/payments/hear.test.ts',
    'server/payments/review.test.ts',
    'server/payments/sweep.test.ts',
  ],
  leftOut: [
    // Races: two captures, tries, keys or refunds at once (F51, F54, F56).
    'two captures decided on one version',
    'a declined intent is tried again by one new payment',
    'a hundred changes under one key at once',
    'forty refunds at once',
    // No answer, or "not found" (F8 to F10, F15), and what is done about it.
    'no second operation starts while the first has no answer',
    'a refund without an answer',
    'on silence nobody else is asked',
    'what was lost on the way',
    'what was lost long ago',
    'without a tombstone, what was never heard of',
    'a cancel that comes too late',
    'silence keeps the money reserved',
    '"not found" closes nothing',
    'once "not found" is final',
    'a void that was never heard of',
    'an authorisation that was never heard of',
    'a refund that was never heard of',
    // Turned away, or a provider that is down (F12, F18).
    'when nobody takes charges',
    'a payment is queued at once',
    'a payment that waited too long',
    'a queued payment can be cancelled',
    'a capture that nobody took',
    'a refund that nobody took',
    'that the first send was not taken',
    // Webhooks before our own answer, wrong, or fifty times (F13, F19, F21); a compensation that fails (F60).
    'a webhook closes what had no answer',
    'what does not agree with what we asked for',
    'the same yes fifty times',
    'where letting the card go is refused',
  ],
};

// `parked.test.ts`, `killed.test.ts` and `read.test.ts` inject faults in every test (F41, F43, F45, F62).
const events: Units = {
  files: ['server/events/bus.test.ts', 'server/figures/figures.test.ts', 'server/payments/rows.test.ts'],
  leftOut: [
    // A transaction that commits late, several workers, a lost connection or database (F28, F29, F44, F45).
    'an event whose transaction began first',
    'while one worker is at it',
    'three workers',
    'without the database',
    'an appended event wakes',
    // A process that dies (F1).
    'while it is made again the old one is read and kept',
  ],
};

const idempotency: Units = {
  files: ['server/idempotency/keys.test.ts', 'server/idempotency/once.test.ts', 'server/payments/core/commit.test.ts'],
  leftOut: [
    // Another body, many at once, an owner that dies (F51 to F53).
    'the same key with another request',
    'of a hundred who claim at once',
    'a claim whose owner died',
    'who is refused because its twin',
    'who fails after its own change',
    'where the keys cannot be asked',
    'two captures decided on one version',
    'a declined intent is tried again by one new payment',
    'a hundred changes under one key at once',
    'no second operation starts while the first has no answer',
    'a refund without an answer',
  ],
};

// `process.test.ts` injects a fault in every test (F1, F11, F28, F58).
const webhooks: Units = {
  files: [
    'server/webhooks/receive.test.ts',
    'server/webhooks/list.test.ts',
    'server/webhooks/queue-deliveries.test.ts',
    'server/webhooks/watch.test.ts',
    'server/webhooks/core/secrets.test.ts',
    'server/payments/hear.test.ts',
  ],
  leftOut: [
    // Copies, replays, forgeries and contradictions (F13, F19, F22 to F25).
    '50 copies at once',
    '50 honest retries at once',
    'a true copy',
    'an event says one thing',
    'either of two secrets',
    'what is wrong with it',
    'a forgery',
    'what matches nothing is rejected',
    'contradictions are rejected',
    'a signed message whose row is gone',
    'a flood',
    'a webhook closes what had no answer',
    'what does not agree with what we asked for',
    'the same yes fifty times',
    // A database that is away (F28).
    'a webhook that nobody manages to act on',
  ],
};

const providers: Units = {
  files: [
    'server/providers/providers.test.ts',
    'server/providers/resilience/guard.test.ts',
    'server/providers/sandbox/sandbox.test.ts',
    'server/providers/sandbox/webhook.test.ts',
  ],
  leftOut: [
    // Silence, errors, hanging, being turned away or down (F8 to F12, F18): nearly all of `guard.test.ts`.
    'silence',
    'a first send that never left',
    'a later send that never left',
    'a request turned away',
    'an inquiry that',
    'one provider’s silence',
    'after five failures',
    'while charges are stopped',
    'failures of other kinds',
    'more failures than successes',
    'after the pause',
    'each failed trial',
    'a trial that never reached',
    'what left before charges',
    'a provider that hangs',
    'hanging charges',
    'beyond those at once',
    'what waited for its turn',
    'inquiries of a provider in trouble',
    ': unknown',
    'a request that arrives after its cancel',
    'the same order sent again',
    // Answers that are wrong or cannot be read (F13).
    'an answer that differs',
    'a status that contradicts',
    'an answer about another amount',
    'whatever cannot be read',
    'a cancel of another key',
    'no word beside the decision',
    // Webhooks that are forged, old or cut (F22 to F25).
    'one right signature among several',
    'it is believed under either of two secrets',
    'one byte less',
    'another id or time',
    'five minutes after it was signed',
    'a right signature is needed',
    'a secret that everybody could guess',
  ],
};

export const units: Record<Room, Units> = {
  'payments core': payments,
  'payments verbs': payments,
  ledger: payments,
  events,
  idempotency,
  webhooks,
  providers,
  'sandbox connector': providers,
};

/** The tests of walls that a mistake takes down: raw statements at the database, which then are let through. */
export const ofWalls = [
  'an event that does not follow its predecessor',
  'an event that leaves a gap',
  'a closed operation never changes',
  'each amount that does not fit',
  'from .* the database takes every legal step',
];
