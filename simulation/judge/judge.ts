import type { Evidence } from './evidence.ts';
import type { Breach, Invariant, Scope } from './invariant.ts';
import { invariants } from './invariants.ts';

/**
 * Judges the evidence by every invariant that can be judged now, one after the other.
 *
 * @param when  `step`: something may be under way, so only what holds at every moment is asked. `rest`: all of it.
 */
export async function judge(evidence: Evidence, when: 'step' | 'rest', scope?: Scope): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for (const invariant of judgeable(when)) breaches.push(...(await invariant.check(evidence, scope)));
  return breaches;
}

function judgeable(when: 'step' | 'rest'): readonly Invariant[] {
  return when === 'rest' ? invariants : invariants.filter(({ rest }) => !rest);
}
