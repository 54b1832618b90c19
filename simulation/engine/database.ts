import { AsyncLocalStorage } from 'node:async_hooks';
import type { RawSql } from '#db/client.ts';
import type { Engine, Life, Turn } from './engine.ts';

/** What may go wrong between a process and its database. */
export interface Sea {
  /** Called as a transaction begins; throws where the database cannot be reached. */
  reached(life: Life): void;
  /** Called after COMMIT, before anybody else goes on: true where its answer is lost. */
  committed(life: Life): Promise<boolean>;
}

/** What the driver says of a connection that is gone. */
export function connectionLost(): Error {
  return Object.assign(new Error('the connection to the database is gone'), { code: 'CONNECTION_CLOSED' });
}

/** What breaks off the transaction of whoever asks: several may be open, one going on after the other has ended. */
const transactions = new AsyncLocalStorage<(error: Error) => void>();

/** Ends the transaction within which it is called, rolled back; outside of one there is nothing to end. */
export function breakOff(error: Error): void {
  transactions.getStore()?.(error);
}

type Query = Promise<unknown> & { strings?: readonly string[] };
type Then = Query['then'];
/** What `await` calls. */
const awaited = 'then';

/**
 * The driver, as one life of a process has it: what it asks is a step of the scheduler's. A statement that is put into
 * another one stays what it is, since it is only asked when somebody waits for it. A transaction is one step: what
 * happens between its statements is the matter of `races/`.
 */
export function gated(raw: RawSql, life: Life, engine: Engine, sea: Sea): RawSql {
  function held(query: Query): Query {
    const send: Then = query[awaited];
    query[awaited] = ((ok, bad) => {
      const ask = () => {
        sea.reached(life);
        return new Promise((resolve, reject) => void send.call(query, resolve, reject));
      };
      const { kind, what } = nameOf(query.strings);
      return engine.step(life, kind, what, ask).then(ok, bad);
    }) as Then;
    return query;
  }

  const begin = (fn: (tx: RawSql) => Promise<unknown>) =>
    engine.step(life, 'write', 'transaction', async (turn) => {
      sea.reached(life);
      const { promise: broken, reject } = Promise.withResolvers<never>();
      broken.catch(() => {});
      // Of work that is broken off nothing more is heard, but the driver has to roll back.
      const value = await raw.begin((tx) =>
        Promise.race([transactions.run(reject, () => fn(inTurn(tx as unknown as RawSql, turn))), broken]),
      );
      if (await sea.committed(life)) throw connectionLost();
      return value;
    });

  const call = raw as unknown as (...given: unknown[]) => Query;
  return new Proxy(raw, {
    apply(_, __, given) {
      const made = call(...given);
      return isTemplate(given[0]) ? held(made) : made;
    },
    get(target, name) {
      if (name === 'begin') return begin;
      if (name === 'unsafe') return (...given: unknown[]) => held(Reflect.apply(target.unsafe, target, given) as Query);
      if (name === 'listen') return () => new Promise(() => {});
      return Reflect.get(target, name);
    },
  });
}

/** A transaction of the driver's, whose answers come in their turn. */
function inTurn(tx: RawSql, turn: Turn): RawSql {
  const waiting = (query: Query): Query => {
    const send: Then = query[awaited];
    query[awaited] = ((ok, bad) =>
      new Promise((resolve, reject) => void send.call(query, resolve, reject)).finally(turn).then(ok, bad)) as Then;
    return query;
  };
  const call = tx as unknown as (...given: unknown[]) => Query;
  return new Proxy(tx, {
    apply(_, __, given) {
      const made = call(...given);
      return isTemplate(given[0]) ? waiting(made) : made;
    },
  });
}

function isTemplate(given: unknown): boolean {
  return Array.isArray(given) && 'raw' in given;
}

interface Name {
  kind: 'read' | 'write';
  what: string;
}

/** A statement written once in the code is one object, however often it is asked. */
const names = new WeakMap<readonly string[], Name>();

function nameOf(strings: readonly string[] = []): Name {
  const known = names.get(strings);
  if (known) return known;
  const text = strings.join('$').replaceAll(/\s+/g, ' ').trim();
  const name: Name = { kind: /\b(INSERT|UPDATE|DELETE)\b/i.test(text) ? 'write' : 'read', what: text.slice(0, 70) };
  names.set(strings, name);
  return name;
}
