/** Milliseconds within which answers are counted; what takes longer than the last of them is counted after it. */
export const bounds = [
  100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000,
] as const;

/** Which of the counts an answer goes to. */
export function boundOf(milliseconds: number): number {
  const place = bounds.findIndex((bound) => milliseconds <= bound);
  return place < 0 ? bounds.length : place;
}

/**
 * The bound within which a share of all answers came, such as 0.99 of them.
 *
 * @returns Milliseconds; null where nothing was answered, Infinity where the share lies beyond the last bound.
 */
export function quantile(counts: readonly number[], share: number): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let seen = 0;
  const place = counts.findIndex((count) => {
    seen += count;
    return seen >= all * share;
  });
  return bounds[place] ?? Number.POSITIVE_INFINITY;
}
