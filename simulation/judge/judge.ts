import type { Evidence } from './evidence.ts';
import type { Breach, Invariant } from './invariant.ts';
import { invariants } from './invariants.ts';
import type { Scope } from './judged.ts';

/**
 * Judges the evidence by every invariant that can be judged now. Queries go out together: over one connection they
 * share its round trips.
 *
 * @param when  `step`: something may be under way, so only what holds at every moment is asked. `rest`: all of it.
 */
export async function judge(evidence: Evidence, when: 'step' | 'rest', scope?: Scope): Promise<Breach[]> {
  const found = await Promise.all(judgeable(when).map((invariant) => invariant.check(evidence, scope)));
  return found.flat();
}

function judgeable(when: 'step' | 'rest'): readonly Invariant[] {
  return when === 'rest' ? invariants : invariants.filter(({ rest }) => !rest);
}
