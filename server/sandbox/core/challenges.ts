import type { Clock } from '#server/kernel/clock.ts';
import type { Log } from '#server/observability/log.ts';
import type { Acquirer } from './acquirer.ts';
import type { Entry } from './entry.ts';

export interface ChallengesOptions {
  acquirer: Pick<Acquirer, 'endChallenge'>;
  clock: Clock;
  log: Log;
}

/** Ends challenges that nobody answers: to be handed every decision, and after a start those of the journal. */
export function makeChallenges({ acquirer, clock, log }: ChallengesOptions) {
  return {
    watch({ status, challenge, key }: Entry): void {
      if (status !== 'challenged' || !challenge) return;
      const left = Date.parse(challenge.expiresAt) - clock.now().getTime();
      clock.after(Math.max(0, left), () => {
        // A write that fails ends the process, and the next start ends the challenge.
        acquirer.endChallenge(challenge.id, 'time_out').catch((error) => {
          log.error({ error, operation: key }, 'a challenge could not be ended');
        });
      });
    },
  };
}
