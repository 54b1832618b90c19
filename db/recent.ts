import type { Clock } from '#server/kernel/clock.ts';

/**
 * The same question, answered from memory while its answer is young.
 *
 * @param lifetime  Milliseconds.
 * @param most      How many answers are remembered at once; the oldest goes first.
 */
export function recent<T>(
  ask: (key: string) => Promise<T>,
  { clock, lifetime, most }: { clock: Clock; lifetime: number; most: number },
): (key: string) => Promise<T> {
  const kept = new Map<string, { answer: T; until: number }>();
  return async (key) => {
    const now = clock.now().getTime();
    const known = kept.get(key);
    if (known && known.until > now) return known.answer;
    const answer = await ask(key);
    // A map hands out its keys in the order in which they were put: taken out first, this one is the youngest.
    kept.delete(key);
    kept.set(key, { answer, until: now + lifetime });
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return answer;
  };
}
