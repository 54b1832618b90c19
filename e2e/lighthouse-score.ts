export interface Vitals {
  /** First and largest contentful paint, and total blocking time, in ms. */
  fcp: number;
  lcp: number;
  tbt: number;
  /** Cumulative layout shift. */
  cls: number;
}

/**
 * What Lighthouse makes of a page on a phone: the tenth of pages that is best is at `p10`, half of them at `median`.
 *
 * @see https://developer.chrome.com/docs/lighthouse/performance/performance-scoring for the weights; the speed index,
 *      which needs a film of the page, and its tenth of the weight are left out.
 */
const curves = {
  fcp: { p10: 1800, median: 3000, weight: 10 },
  lcp: { p10: 2500, median: 4000, weight: 25 },
  tbt: { p10: 200, median: 600, weight: 30 },
  cls: { p10: 0.1, median: 0.25, weight: 25 },
} as const satisfies Record<keyof Vitals, object>;

/** From 0 to 1. */
export function score(vitals: Vitals): number {
  const parts = Object.entries(curves).map(([name, { weight, ...curve }]) => ({
    weight,
    points: weight * onCurve(vitals[name as keyof Vitals], curve),
  }));
  const sum = (one: 'weight' | 'points') => parts.reduce((total, part) => total + part[one], 0);
  return sum('points') / sum('weight');
}

/** A log-normal curve that is 0.9 at `p10` and 0.5 at `median`. */
function onCurve(value: number, { p10, median }: { p10: number; median: number }): number {
  if (value <= 0) return 1;
  // Where the complementary error function is a fifth.
  const fifth = 0.9061938024368232;
  return (1 - erf((Math.log(value / median) * fifth) / -Math.log(p10 / median))) / 2;
}

/** @see Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: right to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const polynomial = factors.reduce((sum, factor) => (sum + factor) * t, 0);
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}
