import type { Breach } from '../judge/invariant.ts';
import type { Plan } from '../plan.ts';
import { type Left, nothingLeft } from '../plans/leave.ts';
import { planOf } from '../plans/plan-of.ts';
import { type Replay, replayLine } from './options.ts';

export interface Shrunk {
  plan: Plan;
  left: Left;
  /** What of it is still not as it has to be. */
  breach: Breach;
  /** How many worlds were run for it. */
  runs: number;
  /** The command that shows it. */
  line: string;
}

/** Whether a plan still breaks the same invariant, and how; undefined where it does not. */
export type Fails = (plan: Plan) => Promise<Breach | undefined>;

/** Two worlds to try, and the one kept so far. */
interface Hunt {
  /** The smallest that still fails. */
  left: Left;
  plan: Plan;
  breach: Breach;
  /** Keeps the smaller one where it fails too. */
  tries(smaller: Left): Promise<boolean>;
}

/**
 * Looks for a smaller plan that still fails: without most payments, without most faults, with less in each payment.
 *
 * @param failing  The plan, what it breaks, and the payments that are broken by it, where that is known.
 * @param mostRuns So many worlds are tried at most; what was found by then is the result.
 */
export async function shrink(
  failing: Omit<Replay, 'left'> & { left?: Left; breach: Breach; broken?: readonly number[] },
  fails: Fails,
  mostRuns = 60,
): Promise<Shrunk> {
  const { seed, left = nothingLeft, breach, broken = [] } = failing;
  const made = (wanted: Left) => planOf(seed, { ...failing, left: wanted });
  let runs = 0;
  const hunt: Hunt = {
    left,
    plan: made(left),
    breach,
    async tries(smaller) {
      if (runs >= mostRuns) return false;
      runs += 1;
      const plan = made(smaller);
      const found = await fails(plan);
      if (found) Object.assign(hunt, { left: smaller, plan, breach: found });
      return found !== undefined;
    },
  };
  await dropPayments(hunt, broken);
  await dropFaults(hunt);
  await simplify(hunt);
  return {
    plan: hunt.plan,
    left: hunt.left,
    breach: hunt.breach,
    runs,
    line: replayLine({ ...failing, left: hunt.left }),
  };
}

/** The smallest part of a list that still will do: large parts are left away first, then ever smaller ones. */
async function least<T>(all: readonly T[], stillFails: (kept: T[]) => Promise<boolean>): Promise<void> {
  let kept = [...all];
  for (let size = Math.ceil(kept.length / 2); kept.length > 0; size = Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length; ) {
      const rest = kept.toSpliced(from, size);
      if (await stillFails(rest)) kept = rest;
      else from += size;
    }
    if (size === 1) return;
  }
}

/** The broken ones by themselves often will do. */
async function dropPayments(hunt: Hunt, broken: readonly number[]): Promise<void> {
  for (const n of broken.slice(0, 3)) if (await hunt.tries({ ...hunt.left, only: [n] })) return;
  const all = hunt.plan.payments.map(({ n }) => n);
  return least(all, (only) => hunt.tries({ ...hunt.left, only }));
}

/** Those that name no payment often are beside the point, all of them. */
async function dropFaults(hunt: Hunt): Promise<void> {
  const drop = (ids: readonly string[]) =>
    hunt.tries({ ...hunt.left, without: [...new Set([...hunt.left.without, ...ids])] });
  await drop(hunt.plan.faults.filter((fault) => !('payment' in fault)).map(({ id }) => id));
  const all = hunt.plan.faults.map(({ id }) => id);
  await least(all, (kept) => drop(all.filter((id) => !kept.includes(id))));
}

/** Without wishes and refunds, and of small amounts: all payments at once, or else each for itself. */
async function simplify(hunt: Hunt): Promise<void> {
  for (const how of ['plain', 'small'] as const) {
    const all = hunt.plan.payments.map(({ n }) => n);
    if (await hunt.tries({ ...hunt.left, [how]: all })) continue;
    if (all.length === 1) continue;
    for (const n of all) await hunt.tries({ ...hunt.left, [how]: [...hunt.left[how], n] });
  }
}
