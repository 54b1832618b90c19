import type { RawSql } from './client.ts';

/** Named places that a test may stop or kill at; in production they do nothing. */
export type Failpoint = (name: string) => Promise<void> | void;

/** Runs `fn` in one transaction. `label` names its failpoints: `label:begin`, `label:before` COMMIT, `label:after`. */
export type Transact = <T>(label: string, fn: (tx: RawSql) => Promise<T>) => Promise<T>;

/**
 * The transaction seam: every write of ours begins and ends here, so that the list of failpoints is complete by
 * construction.
 */
export function makeTransact(sql: RawSql, failpoint: Failpoint = () => {}): Transact {
  return async (label, fn) => {
    await failpoint(`${label}:begin`);
    const result = await sql.begin(async (tx) => {
      const value = await fn(tx as unknown as RawSql);
      await failpoint(`${label}:before`);
      return value;
    });
    await failpoint(`${label}:after`);
    return result as Awaited<ReturnType<typeof fn>>;
  };
}
