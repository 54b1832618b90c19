import { setTimeout as sleep } from 'node:timers/promises';
import type { RawSql } from '#db/client.ts';
import type { Backend } from './backend.ts';

/** A step that has been told to run. */
export interface Underway {
  what: string;
  /** On which connection, where it has one. */
  backend: Backend | undefined;
  /** What came of it, once something did. */
  result: object | undefined;
  over: Promise<void>;
}

/** Who waits for whose locks. */
export interface Locks {
  /** Whether anybody is in a transaction but this backend: where nobody is, nobody is waited for. */
  othersBusy(pid: number): boolean;
  /** Those that each waits for; empty where it does not wait. */
  blockersOf(pids: readonly number[]): Promise<Map<number, number[]>>;
}

export function makeLocks(monitor: RawSql, backends: readonly { pid: number; busy: boolean }[]): Locks {
  return {
    othersBusy: (pid) => backends.some((one) => one.busy && one.pid !== pid),
    async blockersOf(pids) {
      const rows = await monitor<{ pid: number; by: number[] }[]>`
        SELECT pid, pg_blocking_pids(pid) AS by FROM unnest(${[...pids]}::int[]) AS pid`;
      return new Map(rows.map(({ pid, by }) => [pid, by]));
    },
  };
}

/** Milliseconds: a statement that takes longer may be waiting for somebody, and how often that is looked at. */
const soon = 2;
/** Longer than any statement takes that is not stuck. */
const patience = 20_000;

/** Waits until it has finished, or for as long as nearly everything takes that is not blocked. */
export async function returned(one: Underway, locks: Locks): Promise<void> {
  if (one.backend && locks.othersBusy(one.backend.pid)) await Promise.race([one.over, sleep(soon)]);
  else await one.over;
}

/**
 * Waits until each has finished or waits for a lock that nobody who runs will let go. A backend that has just been
 * freed is neither for a moment, and may block again: so all of them are looked at together.
 */
export async function settled(among: readonly Underway[], locks: Locks): Promise<void> {
  const since = performance.now();
  const open = () => among.filter(({ result }) => !result);
  for (let running = open(); running.length > 0; running = open()) {
    const pids = running.map(({ backend }) => backend?.pid ?? 0);
    const blockers = await locks.blockersOf(pids);
    // What has finished while we asked is told now, not when its turn comes round again.
    if (open().length === running.length && allBlocked(pids, blockers)) return;
    await Promise.race([Promise.all(running.map(({ over }) => over)), sleep(soon)]);
    if (performance.now() - since > patience) throw new Error(`no end: ${running.map(({ what }) => what).join('; ')}`);
  }
}

/**
 * Whether each waits, at the end of its chain, for somebody who does not run. In a circle nobody does: PostgreSQL ends
 * it, and until then it is not settled.
 */
export function allBlocked(running: readonly number[], blockers: ReadonlyMap<number, readonly number[]>): boolean {
  const blocked = new Set<number>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const pid of running) {
      const waits = blockers.get(pid) ?? [];
      if (blocked.has(pid) || !waits.some((by) => !running.includes(by) || blocked.has(by))) continue;
      blocked.add(pid);
      grown = true;
    }
  }
  return running.every((pid) => blocked.has(pid));
}
