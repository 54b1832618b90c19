import type { RawSql } from '#db/client.ts';

/** A pool, and how many of its queries and transactions have no answer yet. */
export interface Watched {
  sql: RawSql;
  busy(): number;
}

/** Counts what is under way at the database, so that a test that holds the clock knows when everybody waits for it. */
export function watched(pool: RawSql): Watched {
  let busy = 0;
  function during<T>(work: Promise<T>): Promise<T> {
    busy += 1;
    return work.finally(() => {
      busy -= 1;
    });
  }

  const sql = new Proxy(pool, {
    apply(target, self, args: unknown[]) {
      const made: unknown = Reflect.apply(target, self, args);
      if (!isQuery(made)) return made;
      // A query leaves when it is awaited; as a part of another it never is.
      const leave = made.then.bind(made);
      const answered = () => during(new Promise((resolve, reject) => void leave(resolve, reject)));
      const value: typeof made.then = (...handlers) => answered().then(...handlers);
      return Object.defineProperty(made, 'then', { value });
    },
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'begin' || typeof value !== 'function') return value;
      return (...args: unknown[]) => during(Reflect.apply(value, target, args) as Promise<unknown>);
    },
  });
  return { sql, busy: () => busy };
}

function isQuery(made: unknown): made is Promise<unknown> {
  return made instanceof Promise;
}
