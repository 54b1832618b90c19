import type { Clock } from '#server/kernel/clock.ts';

/** Inquiries in a row without an answer after which a provider counts as silent. */
const silentAfter = 2;
/** Milliseconds between two questions to a silent provider. */
const probeEvery = 2_000;

/**
 * Who answers questions, as this process sees it. A silent provider is asked one question at a time, so that its outage
 * is not made worse by everybody who waits for it; the first answer lets all of them ask again.
 */
export interface Pulse {
  heard(provider: string, answered: boolean): void;
  /** How many questions may be asked now: all, one, or none. */
  allowance(provider: string, limit: number): number;
}

export function makePulse(clock: Clock): Pulse {
  const silences = new Map<string, number>();
  const probes = new Map<string, number>();
  return {
    heard(provider, answered) {
      silences.set(provider, answered ? 0 : (silences.get(provider) ?? 0) + 1);
    },
    allowance(provider, limit) {
      if ((silences.get(provider) ?? 0) < silentAfter) return limit;
      const now = clock.now().getTime();
      if (now - (probes.get(provider) ?? Number.NEGATIVE_INFINITY) < probeEvery) return 0;
      probes.set(provider, now);
      return 1;
    },
  };
}
