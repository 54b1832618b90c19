import type { Clock } from './clock.ts';
import { invariant } from './invariant.ts';
import { Refusal } from './refusal.ts';

/** Where what comes one by one goes on together. */
export interface Lane<T> {
  join(one: T): void;
  /** These have waited once: they go first. */
  rejoin(some: readonly T[]): void;
}

export interface LaneSeams {
  clock: Pick<Clock, 'idle'>;
  /** Batches that are under way at once. */
  width: number;
}

/**
 * Gathers what comes one by one. Nobody waits for company: a batch is whatever has come by the end of the turn of the
 * event loop, or while all places were taken.
 *
 * @param take  Splits those who wait, in the order in which they came, into the next batch and the rest.
 * @param run   Deals with a batch and answers everybody in it; never rejects.
 */
export function makeLane<T>(
  { clock, width, take }: LaneSeams & { take(waiting: T[]): { batch: T[]; rest: T[] } },
  run: (batch: T[]) => Promise<void>,
): Lane<T> {
  let waiting: T[] = [];
  let busy = 0;
  let planned = false;

  function plan(): void {
    if (planned || busy >= width || waiting.length === 0) return;
    planned = true;
    clock.idle(() => {
      planned = false;
      pump();
    });
  }

  function pump(): void {
    if (busy >= width || waiting.length === 0) return;
    const { batch, rest } = take(waiting);
    waiting = rest;
    busy += 1;
    run(batch).then(() => {
      busy -= 1;
      plan();
    });
    plan();
  }

  return {
    join(one) {
      waiting.push(one);
      plan();
    },
    rejoin(some) {
      waiting = [...some, ...waiting];
      plan();
    },
  };
}

interface Asked<Q, A> {
  question: Q;
  resolve(answer: A): void;
  reject(why: unknown): void;
}

export interface TogetherSeams extends LaneSeams {
  clock: Clock;
  /** At most so many in one batch. */
  limit: number;
  /** Milliseconds until a batch is given up, so that its place is free again; 0 where `ask` sees to that. */
  patience: number;
  /** True of an error that one question alone may have brought about. */
  isOfOne(error: unknown): boolean;
}

/**
 * How the rooms' questions to the database share statements: one that hangs must leave the others a place, and is given
 * up.
 */
export const ofQuestions = { width: 2, limit: 100, patience: 15_000 };

/**
 * Turns a question to many into one that each may ask for itself: those who ask at once share it. Where one of them
 * breaks it, the batch is halved until that one stands alone and hears its own error; the others hear their answers.
 *
 * @param ask  Answers by place. It begins after each question was put, so that no answer is older than its question.
 * @throws Refusal `unavailable` when `patience` ends.
 */
export function together<Q, A>(
  { limit, patience, isOfOne, ...seams }: TogetherSeams,
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
): (question: Q) => Promise<A> {
  const inTime = <T>(work: Promise<T>) => (patience > 0 ? within(seams.clock, patience, work) : work);

  async function settle(batch: Asked<Q, A>[]): Promise<void> {
    try {
      const answers = await inTime(ask(batch.map(({ question }) => question)));
      invariant(answers.length === batch.length, 'each question has its answer');
      for (const [n, { resolve }] of batch.entries()) resolve(answers[n] as A);
    } catch (error) {
      if (batch.length === 1 || !isOfOne(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await settle(batch.slice(0, half));
      await settle(batch.slice(half));
    }
  }

  const take = (waiting: Asked<Q, A>[]) => ({ batch: waiting.slice(0, limit), rest: waiting.slice(limit) });
  const lane = makeLane({ ...seams, take }, settle);
  return (question) => new Promise((resolve, reject) => lane.join({ question, resolve, reject }));
}

function within<T>(clock: Clock, patience: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = clock.after(patience, () =>
      reject(new Refusal('unavailable', 'There was no answer in time. Try again.')),
    );
    work.then(resolve, reject).finally(forget);
  });
}
