/** What a plot is drawn from: one value a day, or none. */
export interface Point {
  /** `2026-11-21`. */
  day: string;
  value: number | null;
  /** The value in words, for the reader of one day. */
  says: string;
}

/** The least round number that is no less than `most`: 1, 2 or 5 times a power of ten. */
export function roundTop(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((times) => times * power >= most) ?? 10;
  return step * power;
}

/** Where a plot of shares begins: shares near one are told apart only if it does not begin at nothing. */
export function shareFloor(least: number): number {
  return [0.99, 0.9, 0.5].find((floor) => least >= floor) ?? 0;
}

/** Straight lines through what follows upon each other; a day without a value breaks them. */
export function runsOf(points: readonly Point[]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [[]];
  for (const [at, { value }] of points.entries()) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ at, value });
  }
  return runs.filter((run) => run.length > 0);
}

/** "18 Nov". */
export function dayInWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** "99.2 %", and never "100 %" of what is not whole. */
export function percent(share: number): string {
  const shown = share < 1 ? Math.min(Math.floor(share * 1000) / 10, 99.9) : 100;
  return `${shown.toLocaleString('en')} %`;
}
