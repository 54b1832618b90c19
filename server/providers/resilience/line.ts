import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { Clock } from '#server/kernel/clock.ts';
import type { Sent } from '#server/vault-client/vault-client.ts';

export interface LineLimits {
  deadline: number;
  atOnce: number;
  waiting: number;
}

/** Lets through so many at once, and lets nobody wait for longer than the deadline. */
export type Line = (send: () => Promise<Sent>) => Promise<Sent>;

/**
 * A bulkhead with a deadline. What did not leave before the deadline never leaves; what did keeps its place until its
 * answer is there or the vault gives up, however long ago the caller stopped waiting: it still occupies a connection.
 */
export function makeLine(name: string, { deadline, atOnce, waiting }: LineLimits, clock: Clock): Line {
  const places = bulkhead(atOnce, waiting);
  const crowded: Sent = { kind: 'not_sent', code: 'crowded', message: `Too much is under way at ${name}.` };

  return async (send) => {
    const { promise, resolve, reject } = Promise.withResolvers<Sent>();
    let stage: 'waiting' | 'left' | 'over' = 'waiting';
    const forget = clock.after(deadline, () => {
      resolve(stage === 'left' ? { kind: 'silent', why: 'deadline', milliseconds: deadline } : crowded);
      if (stage === 'waiting') stage = 'over';
    });
    const pass = async () => {
      if (stage === 'over') return;
      stage = 'left';
      resolve(await send());
    };
    places
      .execute(pass)
      .catch((error: unknown) => (error instanceof BulkheadRejectedError ? resolve(crowded) : reject(error)));
    return promise.finally(forget);
  };
}
