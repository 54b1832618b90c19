import type { Life } from '../engine/engine.ts';

/** Who is where just now: whom a death or a lost answer touches. */
export interface Traffic {
  /** A payment's request is with this life, until the returned function is called. */
  enter(life: Life, payment: number | undefined): () => void;
  /** The payments whose requests are with this life. */
  at(life: Life): number[];
  /** A job of this life is at work. */
  working(life: Life): () => void;
  /** Whether anything would be lost if it died now. */
  isBusy(life: Life): boolean;
  /** Calls `fn` once, as soon as a life that is meant has something to do that it had not before. */
  onceBusy(isMeant: (life: Life) => boolean, fn: () => void): void;
  /** A worker runs this consumer once more. */
  runs(consumer: string): void;
  runsOf(consumer: string): number;
}

export function makeTraffic(): Traffic {
  const requests = new Map<Life, Set<{ payment: number | undefined }>>();
  const jobs = new Map<Life, number>();
  const runs = new Map<string, number>();
  const waiting = new Set<{ isMeant(life: Life): boolean; fn(): void }>();

  function begins(life: Life): void {
    for (const one of [...waiting]) if (one.isMeant(life) && waiting.delete(one)) one.fn();
  }

  return {
    enter(life, payment) {
      const here = requests.get(life) ?? new Set();
      requests.set(life, here);
      const one = { payment };
      here.add(one);
      begins(life);
      return () => here.delete(one);
    },
    at(life) {
      const payments = [...(requests.get(life) ?? [])].map(({ payment }) => payment);
      return [...new Set(payments.filter((payment) => payment !== undefined))];
    },
    working(life) {
      jobs.set(life, (jobs.get(life) ?? 0) + 1);
      begins(life);
      return () => jobs.set(life, (jobs.get(life) ?? 0) - 1);
    },
    isBusy: (life) => (requests.get(life)?.size ?? 0) > 0 || (jobs.get(life) ?? 0) > 0,
    onceBusy: (isMeant, fn) => void waiting.add({ isMeant, fn }),
    runs: (consumer) => runs.set(consumer, (runs.get(consumer) ?? 0) + 1),
    runsOf: (consumer) => runs.get(consumer) ?? 0,
  };
}
