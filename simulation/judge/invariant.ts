import type { Evidence } from './evidence.ts';
import { type Judged, judged, type Scope } from './judged.ts';

/** One thing that is not as it has to be. */
export interface Breach {
  /** The id of the invariant. */
  invariant: string;
  payment?: string;
  merchant?: string;
  /** In plain words, with amounts, and ids as people see them. */
  says: string;
}

export interface Invariant {
  /** `I` and the number in the list of invariants, and a letter: `I4b`. */
  id: string;
  /** The rule, in one plain sentence. */
  says: string;
  needs: 'database' | 'books' | 'answers';
  /** True where it holds only once nothing is under way; the others hold at every moment. */
  rest: boolean;
  /** At most `breachesAtMost` breaches; none where all is well. */
  check(evidence: Evidence, scope?: Scope): Promise<Breach[]>;
}

/** Of one invariant: enough to see what is wrong. */
export const breachesAtMost = 50;

/** A row that a query found to be wrong. */
export interface Wrong {
  payment: string | null;
  merchant: string | null;
}

interface Rule<Row extends Wrong> extends Pick<Invariant, 'id' | 'says' | 'rest'> {
  /** One query, set by set, for the rows that break the rule. */
  find(judged: Judged): PromiseLike<readonly Row[]>;
  tell(row: Row): string;
}

/** An invariant that the database alone shows. */
export function ofDatabase<Row extends Wrong>(rule: Rule<Row>): Invariant {
  return byQuery('database', rule);
}

/** An invariant between the database and the acquirers' books. */
export function ofBooks<Row extends Wrong>(rule: Rule<Row>): Invariant {
  return byQuery('books', rule);
}

function byQuery<Row extends Wrong>(needs: 'database' | 'books', rule: Rule<Row>): Invariant {
  const { id, says, rest, find, tell } = rule;
  return {
    id,
    says,
    needs,
    rest,
    async check(evidence, scope = {}) {
      const rows = await find(judged(evidence, scope));
      return rows.slice(0, breachesAtMost).map((row) => breach(id, row, tell(row)));
    },
  };
}

export function breach(invariant: string, { payment, merchant }: Wrong, says: string): Breach {
  return { invariant, ...(payment !== null && { payment }), ...(merchant !== null && { merchant }), says };
}
