import { current } from './close.ts';
import type { Room } from './room.ts';
import { type Due, dueSessions } from './store.ts';

/** How many sessions one run looks at, as a multiple of how many it may close. */
const looksPerClosing = 10;

/**
 * Closes sessions whose time is over, at most `limit` in one run, and says how many. Those that wait for a provider's
 * answer stay open and due, some of them for days: a run goes on behind them, and begins where the last left off.
 */
export function sweeping(room: Room): (limit: number) => Promise<number> {
  let after: Due | undefined;
  return async (limit) => {
    let closed = 0;
    for (let page = 0; page < looksPerClosing; page++) {
      const due = await dueSessions(room.db, { now: room.clock.now(), after, limit });
      for (const one of due) {
        if (closed === limit) return closed;
        after = one;
        if (await isClosed(room, one)) closed++;
      }
      if (due.length < limit) {
        after = undefined;
        break;
      }
    }
    return closed;
  };
}

async function isClosed(room: Room, { sessionId, merchantId }: Due): Promise<boolean> {
  try {
    const session = await room.sessions.find({ sessionId, merchantId });
    return session !== undefined && (await current(room, session)).session.status !== 'open';
  } catch (error) {
    // One session that cannot be closed must not keep all the others open.
    room.log.error({ session: sessionId, merchant: merchantId, error }, 'a session could not be closed');
    return false;
  }
}
