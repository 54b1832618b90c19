import type { Figure, Goal } from '../case.ts';
import { median } from '../measure/spread.ts';

/** A figure with what it comes to. */
export interface Judged extends Figure {
  value: number;
  /** Median of what it is measured beside. */
  baseline: number | undefined;
  /** Of the value to the baseline's, round by round; undefined without a baseline. */
  ratio: number | undefined;
  verdicts: { goal: Goal; met: boolean }[];
}

export function judged(figure: Figure): Judged {
  const { rounds, beside, goals = [] } = figure;
  const value = median(rounds);
  const baseline = beside && median(beside);
  const ratio = beside && median(rounds.map((one, n) => one / (beside[n] ?? Number.NaN)));
  return {
    ...figure,
    value,
    baseline,
    ratio,
    verdicts: goals.map((goal) => ({ goal, met: isMet(goal, goal.of === 'value' ? value : ratio) })),
  };
}

/** What was not measured is not met. */
function isMet({ atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Goal, reached = Number.NaN) {
  return reached >= atLeast && reached <= atMost;
}
