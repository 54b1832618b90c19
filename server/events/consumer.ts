import type { RawSql } from '#db/client.ts';

/** One fact about a payment, as the log holds it. */
export interface LoggedEvent {
  id: string;
  paymentId: string;
  /** Its place among the events of its payment, from 1. */
  seq: number;
  merchantId: string;
  from: string | null;
  trigger: string;
  to: string;
  cause: string;
  actor: { kind: string; id: string | null };
  operationId: string | null;
  /** Minor units, where the fact has an amount. */
  amount: bigint | null;
  data: Record<string, unknown>;
  at: Date;
}

/**
 * Somebody who acts on the log. Sees every event once it is committed, those of one payment in their order, none
 * skipped.
 */
export interface Consumer {
  /** Names its cursor: never reused for another purpose. */
  name: string;
  /** What it acts on, where that is not everything: it is told of nothing else, and passes it over. */
  triggers?: readonly string[];
  /**
   * Writes what follows from these events, in the transaction that also moves the cursor: both happen or neither.
   * It calls nobody and moves no payment: what it wants done elsewhere it leaves as a command whose key is the event's
   * id. A throw undoes all of it; the events then come again one by one, and one that keeps failing is parked.
   */
  effect(tx: RawSql, events: readonly LoggedEvent[]): Promise<void>;
}

/** A consumer whose tables hold nothing but what follows from the log: they can be made again from it. */
export interface ReadModel extends Consumer {
  /** Those that its effect writes, and nobody else. */
  tables: readonly string[];
}

/** How far a consumer is. */
export interface ConsumerStanding {
  name: string;
  /** Events that it has not seen yet, counted up to 10,000. */
  behind: number;
  /** Age of the oldest of them, milliseconds. */
  lag: number;
  /** Events put aside, those that wait behind another included. */
  parked: number;
}

export interface ParkedEvent {
  consumer: string;
  event: LoggedEvent;
  /**
   * `trying`: its effect failed, and is tried again by itself. `failed`: it kept failing, and waits for a person.
   * `behind`: an earlier event of its payment is parked.
   */
  why: 'trying' | 'failed' | 'behind';
  tries: number;
  /** What the effect said last. */
  error: string | null;
  tryAgainAt: Date | null;
  parkedAt: Date;
}

/** The port between the log and its consumers; PostgreSQL is one implementation. */
export interface Bus {
  /**
   * Hands at most `limit` events to the consumer; returns how many it has dealt with, parked ones and those that it
   * passed over included.
   */
  run(consumer: Consumer, limit: number): Promise<number>;
  /** Resolves when something may have been appended, or after `patience` milliseconds, or on the signal. */
  awaitNews(patience: number, signal?: AbortSignal): Promise<void>;
  standings(consumers: readonly Pick<Consumer, 'name'>[]): Promise<ConsumerStanding[]>;
  /** Newest first, at most 100. */
  parked(merchantId: string): Promise<ParkedEvent[]>;
  /**
   * Has a parked event handed to its consumer again by its next run, after those parked before it and before those
   * parked behind it. @throws Refusal `not_found`.
   */
  retry(consumer: string, eventId: string, merchantId: string): Promise<void>;
  /** Everybody's events that were given up on, oldest first, at most `limit`. */
  givenUp(limit: number): Promise<ParkedEvent[]>;
}
