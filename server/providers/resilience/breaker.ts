import {
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  circuitBreaker,
  handleWhen,
  type IBackoff,
  type IBreaker,
} from 'cockatiel';
import type { Clock } from '#server/kernel/clock.ts';
import type { Limits } from './limits.ts';

/** What one call says about the provider; `nothing` where it never got as far. */
export type Verdict = 'well' | 'failed' | 'nothing';

export interface Breaker {
  /** `half_open`: the next call is the trial. While a trial is under way it is open to all others. */
  state(): 'closed' | 'open' | 'half_open';
  /** Makes the call, or answers undefined while calls are stopped. */
  through<T>(call: () => Promise<T>, judge: (result: T) => Verdict): Promise<T | undefined>;
}

export interface BreakerSeams {
  clock: Clock;
  limits: Limits['breaker'];
  /** Told of each change; `closed` once calls flow again. */
  changed(state: 'closed' | 'open' | 'half_open'): void;
}

/**
 * Stops calls after too many failures, and lets one through after a while to see. The rules are cockatiel's; time is
 * our clock's, since cockatiel reads the machine's: its counting breakers need none, and `pauses` answers its one
 * question about time.
 */
export function makeBreaker({ clock, limits, changed }: BreakerSeams): Breaker {
  const { inARow, share, of, pause, longestPause } = limits;
  const pauses = pauseOn(clock, { pause, longestPause });
  const counted = handleWhen((error) => !(error instanceof Uncounted)).orWhenResult(isFailed);
  const breaker = either(
    new ConsecutiveBreaker(inARow),
    new CountBreaker({ threshold: share, size: of, minimumNumberOfCalls: Math.ceil(of / 2) }),
  );
  const policy = circuitBreaker(counted, { breaker, halfOpenAfter: pauses });
  let era = 0;
  policy.onStateChange((to) => {
    era += 1;
    changed(to === CircuitState.Closed ? 'closed' : to === CircuitState.HalfOpen ? 'half_open' : 'open');
  });

  function state() {
    if (policy.state === CircuitState.Closed) return 'closed';
    return policy.state === CircuitState.Open && pauses.over() ? 'half_open' : 'open';
  }

  return {
    state,
    async through(call, judge) {
      const now = state();
      // Cockatiel lets all others wait for the trial; they have better things to do.
      if (now === 'open') return undefined;
      let result: { value: Awaited<ReturnType<typeof call>> } | undefined;
      const judged = async () => {
        const mine = era;
        const value = await call();
        result = { value };
        const verdict = judge(value);
        // What left before calls were stopped, or taken up again, says nothing of how it is now. And a trial from
        // which nothing was learned has not succeeded.
        if (mine !== era || (verdict === 'nothing' && now === 'closed')) throw new Uncounted();
        return { failed: verdict !== 'well' };
      };
      await policy.execute(judged).catch((error: unknown) => {
        if (!(error instanceof Uncounted)) throw error;
      });
      return result?.value;
    },
  };
}

class Uncounted extends Error {
  override name = 'Uncounted';
}

function isFailed(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'failed' in result && result.failed === true;
}

/** Opens when one of the two would. Both hear everything. */
function either(one: ConsecutiveBreaker, other: CountBreaker): IBreaker {
  return {
    state: undefined,
    success(state) {
      one.success();
      other.success(state);
    },
    failure(state) {
      const [first, second] = [one.failure(), other.failure(state)];
      return first || second;
    },
  };
}

/** Cockatiel asks whether `duration` milliseconds have passed on its clock; by ours they have, or have not. */
function pauseOn(clock: Clock, { pause, longestPause }: Pick<Limits['breaker'], 'pause' | 'longestPause'>) {
  let until = 0;
  const over = () => clock.now().getTime() >= until;
  const next = (milliseconds: number): IBackoff<unknown> => {
    until = clock.now().getTime() + milliseconds;
    return {
      get duration() {
        return over() ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      },
      next: () => next(Math.min(2 * milliseconds, longestPause)),
    };
  };
  return { over, next: () => next(pause) };
}
