import postgres from 'postgres';
import type { Evidence } from '#simulation/judge/evidence.ts';
import type { Breach, Invariant } from '#simulation/judge/invariant.ts';
import { invariants } from '#simulation/judge/invariants.ts';
import type { Scope } from '#simulation/judge/judged.ts';
import { Unseen } from './product.ts';

/** What one invariant came to; `breaches` is undefined where the books that it needs are not at hand. */
export interface Finding extends Pick<Invariant, 'id' | 'says' | 'rest'> {
  breaches: Breach[] | undefined;
  milliseconds: number;
}

/** SQLSTATE of what keeps us from looking: no right to read, no such table or column. */
const unreadable: Record<string, string> = {
  '42501': 'does not let this role read all of it: name the role that owns its tables',
  '42P01': 'has not the tables of this release: is it Florin’s, and migrated?',
  '42703': 'has not the columns of this release: is it migrated?',
  '57014': 'takes too long to answer: look again when it has less to do',
};

/**
 * Asks for every invariant that the database and the books can show, one after the other. What clients were told is
 * known to a simulation only.
 *
 * @throws Unseen
 */
export async function* examine(evidence: Evidence, scope: Scope): AsyncGenerator<Finding> {
  for (const { id, says, rest, needs, check } of invariants) {
    if (needs === 'answers') continue;
    const begun = performance.now();
    const seen = needs === 'database' || evidence.journals.size > 0;
    const breaches = seen ? await looked(() => check(evidence, scope)) : undefined;
    yield { id, says, rest, breaches, milliseconds: Math.round(performance.now() - begun) };
  }
}

async function looked<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw unseen(error);
  }
}

/** Why the database could not be asked, in words. */
export function unseen(error: unknown): unknown {
  if (error instanceof postgres.PostgresError) {
    const why = unreadable[error.code];
    return new Unseen(why ? `The database ${why} (${error.message}).` : `The database refuses: ${error.message}.`);
  }
  const { code, message } = Object(error) as { code?: unknown; message?: string };
  return /^(CONNECT|E[A-Z])/.test(String(code)) ? new Unseen(`The database does not answer (${message}).`) : error;
}
