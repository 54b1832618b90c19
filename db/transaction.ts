import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { RawSql } from './client.ts';
import { type Failpoint, type FailpointLabel, openPassage, passageOf } from './failpoints.ts';
import { standing } from './standing.ts';

export type { Failpoint } from './failpoints.ts';

/**
 * Runs `fn` in one transaction. `label` names its failpoints: `label:begin`, `label:before` COMMIT, `label:after`.
 *
 * @throws Refusal `unavailable` when the connection is lost, or when the database has not answered within 15 seconds.
 *         Whether the transaction was committed is then unknown, unless it had not begun.
 */
export type Transact = <T>(
  label: FailpointLabel,
  fn: (tx: RawSql) => Promise<T>,
  options?: TransactOptions,
) => Promise<T>;

export interface TransactOptions {
  /**
   * All that `fn` writes it writes with its first statement; what follows only asks. Such a transaction needs no BEGIN
   * and no COMMIT, which saves two of three ways to the server. Where somebody stands at its failpoints it has both,
   * for `before` lies between them; and where no connection stands, for the driver keeps a statement until it has one,
   * also past the moment at which its caller was told to look for himself.
   */
  writesOnce?: boolean;
}

export interface TransactSeams {
  /** Stops or kills at named places; only tests hand one in. */
  failpoint?: Failpoint | undefined;
  clock?: Clock;
  /** Milliseconds until a transaction is given up. */
  patience?: number;
}

/** Milliseconds until a transaction is given up, wherever it hangs: the mover has two lanes and cannot lose one. */
const longest = 15_000;
/** A connection may have died while it lay in the pool, and each of the pool's may. */
const beginnings = 3;

/**
 * The transaction seam: every transaction of the rooms begins and ends here, and its label is on the list, so that the
 * failpoints are complete by construction.
 */
export function makeTransact(
  sql: RawSql,
  { failpoint, clock = systemClock, patience = longest }: TransactSeams = {},
): Transact {
  const pass = passageOf(failpoint);
  const isUnwatched = pass === openPassage;
  const { inTurn, underWay } = turns(isUnwatched ? sql.options.max : Number.POSITIVE_INFINITY);
  return async (label, fn, { writesOnce = false } = {}) => {
    await pass(label, 'begin');
    const result = await within({ clock, patience }, (late) =>
      inTurn(() => {
        if (writesOnce && isUnwatched && underWay() <= standing(sql)) return alone(sql, late, fn);
        return begin(sql, late, async (tx) => {
          const value = await fn(tx);
          await pass(label, 'before');
          return value;
        });
      }),
    );
    await pass(label, 'after');
    return result;
  };
}

/** As many at once as there are connections: the driver would send the next one behind one that waits for a lock. */
function turns(most: number) {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    underWay: () => taken,
    async inTurn<T>(work: () => Promise<T>): Promise<T> {
      if (taken < most) taken += 1;
      else await new Promise<void>((go) => waiting.push(go));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else taken -= 1;
      }
    },
  };
}

/** Settles in time, even if `work` never does; `late` then tells work that nobody waits for it any more. */
function within<T>(
  { clock, patience }: { clock: Clock; patience: number },
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const forget = clock.after(patience, () => {
      late.abort();
      reject(unavailable('The database did not answer in time.'));
    });
    work(late.signal).then(resolve, reject).finally(forget);
  });
}

/** Each statement is a transaction of its own. */
async function alone<T>(sql: RawSql, late: AbortSignal, work: (tx: RawSql) => Promise<T>): Promise<T> {
  late.throwIfAborted();
  try {
    return await work(sql);
  } catch (error) {
    if (!isLoss(error)) throw error;
    throw unavailable('The database did not answer.');
  }
}

async function begin<T>(sql: RawSql, late: AbortSignal, work: (tx: RawSql) => Promise<T>): Promise<T> {
  for (let left = beginnings; ; left--) {
    let begun = false;
    try {
      return await attempt(sql, late, (tx) => {
        begun = true;
        return work(tx);
      });
    } catch (error) {
      if (!isLoss(error)) throw error;
      // Nothing was asked yet, so nothing can be done twice.
      if (begun || left === 1 || late.aborted) throw unavailable('The database did not answer.');
    }
  }
}

/**
 * One transaction of the driver's. The driver sends COMMIT or ROLLBACK as soon as `work` ends, also on a connection
 * that is gone, where its write throws outside of every promise, or on its successor, in the midst of somebody else's
 * transaction. So work on a lost connection is never let end; only its caller hears that it did.
 */
function attempt<T>(sql: RawSql, late: AbortSignal, work: (tx: RawSql) => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let lost = false;
    const lose = (error: unknown) => {
      lost = true;
      reject(error);
      return new Promise<never>(() => {});
    };
    const guarded = async (tx: unknown): Promise<T> => {
      try {
        late.throwIfAborted();
        const value = await work(tx as RawSql);
        late.throwIfAborted();
        return lost ? await lose(undefined) : value;
      } catch (error) {
        return lost || isLoss(error) ? lose(error) : Promise.reject(error);
      }
    };
    sql.begin(guarded).then(
      (value) => resolve(value as T),
      (error) => {
        lost = true;
        reject(error);
      },
    );
  });
}

/** A connection that broke, by the driver's word or the system's, or that the server has ended. */
function isLoss(error: unknown): boolean {
  const { code, severity } = Object(error) as { code?: unknown; severity?: unknown };
  return severity === 'FATAL' || /^(CONNECT|E[A-Z])/.test(String(code));
}

function unavailable(what: string): Refusal {
  return new Refusal('unavailable', `${what} Look whether it was done before you try again.`);
}
