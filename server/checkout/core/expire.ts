import { Refusal, type RefusalCode } from '#server/kernel/refusal.ts';
import type { SessionView } from '../view.ts';
import { type Asking, type Current, close, current } from './close.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';
import { sessionView } from './session-view.ts';

// What `close` says when a press of the button was faster. What that has come to is the answer then.
const overtaken: readonly RefusalCode[] = ['illegal_move', 'operation_unclosed', 'intent_canceled', 'stale'];

/**
 * Closes an unpaid session because its merchant says so.
 *
 * @throws Refusal `session_complete`, `session_expired`, or `operation_unclosed` while an attempt has no answer yet.
 */
export async function expire(room: Room, load: () => Promise<Session>, by: Asking): Promise<SessionView> {
  const found = await current(room, await load());
  refuseDecided(found);
  try {
    const closed = await close(room, found.session, by);
    return sessionView(room, closed.session, closed.progress);
  } catch (error) {
    if (error instanceof Refusal && overtaken.includes(error.code)) refuseDecided(await current(room, await load()));
    throw error;
  }
}

function refuseDecided({ session, progress }: Current): void {
  if (session.status === 'complete') throw new Refusal('session_complete', 'This session is complete: it was paid.');
  if (session.status === 'expired') throw new Refusal('session_expired', 'This session has expired already.');
  if (progress.kind === 'waiting') {
    throw new Refusal('operation_unclosed', 'A payment of this session is under way. Ask again once it has an answer.');
  }
}
