import { z } from 'zod';

const milliseconds = z.int().min(1);

/** How much of one kind may be under way at one provider, seen from one process. */
const line = (deadline: number, atOnce: number, waiting: number) =>
  z
    .strictObject({
      /** How long the caller waits; after that what became of it is unknown. */
      deadline: milliseconds.default(deadline),
      atOnce: z.int().min(1).default(atOnce),
      /** How many more may wait for their turn; all others are turned away at once. */
      waiting: z.int().min(0).default(waiting),
    })
    .prefault({});

/** When charges at a provider are stopped, and when they are tried again. */
const breaker = z
  .strictObject({
    /** So many failures in a row stop them. */
    inARow: z.int().min(1).default(5),
    /** So do more than this share of the last `of`. */
    share: z.number().gt(0).lt(1).default(0.5),
    of: z.int().min(2).default(20),
    /** Milliseconds until the first trial; after each failed trial twice as long, up to the longest. */
    pause: milliseconds.default(5_000),
    longestPause: milliseconds.default(30_000),
  })
  .prefault({});

/** When a question that failed is asked again at once. */
const retry = z
  .strictObject({
    /** Beside the first time. */
    most: z.int().min(0).default(2),
    /** Milliseconds: up to so long before the first, up to twice as long before each further one. */
    pause: milliseconds.default(200),
    /** Repetitions are at most this share of all questions, */
    share: z.number().min(0).max(1).default(0.2),
    /** and this many may be saved up. */
    saved: z.int().min(1).default(5),
  })
  .prefault({});

/**
 * The defaults suit an acquirer that answers within a second and takes some fifty charges a second from one process.
 * All `atOnce` together stay below the 256 connections that the vault opens to one provider.
 */
export const limits = z
  .strictObject({
    authorize: line(10_000, 64, 16),
    capture: line(10_000, 48, 48),
    void: line(10_000, 16, 32),
    refund: line(10_000, 32, 32),
    cancel: line(10_000, 16, 32),
    inquire: line(5_000, 32, 64),
    breaker,
    retry,
  })
  .prefault({});

export type Limits = z.output<typeof limits>;
