import type { Log } from './log.ts';

/** Milliseconds: whoever keeps its clock is less wrong than this. */
const noticeable = 1_000;

/** Tells that the machine's clock differs from the database's, which is followed. */
export function tellClockSet(log: Log): (ahead: number) => void {
  return (milliseconds) => {
    if (Math.abs(milliseconds) < noticeable) return;
    log.warn({ milliseconds }, 'this machine’s clock is ahead of the database’s by so much (behind, where negative)');
  };
}
