// How long something may take, from the design and the rooms' own pages; milliseconds.

/** After so long without an answer a person is told. */
export const unansweredFor = 10 * 60_000;
/** So much longer may a bank wait for its shopper. */
export const challengedFor = 15 * 60_000;
/** What a worker that is well needs to come round, with the clocks of machines apart. */
export const roundWithin = 2 * 60_000;
/** An acquirer promises that no request of ours takes effect later than this after it was sent. */
export const inFlightFor = 60_000;
/** How far the clocks of machines may be apart. */
export const clockSkew = 5_000;
/** After so long an idempotency key may be forgotten, and is as good as new. */
export const keyFor = 24 * 60 * 60_000;
