import type { Clock } from '#server/kernel/clock.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Sent } from '#server/vault-client/vault-client.ts';
import type { Limits } from './limits.ts';

/** Asks, and asks again where that may help. Only for questions: what changes something is never repeated here. */
export type Retries = (ask: () => Promise<Sent>) => Promise<Sent>;

export interface RetriesSeams {
  clock: Clock;
  random: Random;
  limits: Limits['retry'];
  /** Told of each repetition. */
  repeated(): void;
}

/**
 * Exponential back-off with full jitter, on an allowance: each question earns a share of a repetition, so that a
 * provider in trouble never gets more than `1 + share` times its load from us, beside the few that were saved up.
 *
 * @see Marc Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
 */
export function makeRetries({ clock, random, limits, repeated }: RetriesSeams): Retries {
  let allowance = limits.saved;
  return async (ask) => {
    allowance = Math.min(limits.saved, allowance + limits.share);
    for (let attempt = 0; ; attempt++) {
      const answer = await ask();
      if (attempt >= limits.most || allowance < 1 || !mayHelp(answer)) return answer;
      allowance -= 1;
      repeated();
      await clock.sleep(Math.floor(fraction(random) * limits.pause * 2 ** attempt));
    }
  };
}

/** A connection that broke or never stood, an error of theirs. Who hangs or turns us away wants fewer questions. */
function mayHelp(answer: Sent): boolean {
  if (answer.kind === 'answered') return answer.status >= 500;
  return answer.kind === 'silent' ? answer.why === 'connection_lost' : answer.code === 'provider_unreachable';
}

/** At least 0 and below 1. */
function fraction(random: Random): number {
  return random(4).readUInt32BE() / 2 ** 32;
}
