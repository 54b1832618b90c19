import { showSessionId } from '../session-id.ts';
import type { LineItemView, SessionView } from '../view.ts';
import { opens, publicId, sessionSecret } from './capability.ts';
import type { Seams } from './room.ts';
import type { Session } from './session.ts';
import type { Progress } from './standing.ts';

/** The session as its merchant sees it. */
export function sessionView(room: Seams, session: Session, progress: Progress): SessionView {
  const { secretHash, seal, sealKey, items, attemptedAt, closedAt, ...rest } = session;
  return {
    ...rest,
    shownId: showSessionId(room.mode, session.id),
    paymentStatus: progress.kind === 'paid' ? 'paid' : 'unpaid',
    url: session.status === 'open' ? urlOf(room, session) : null,
    intentId: attemptedAt ? session.intentId : null,
    lineItems: lineItems(session),
  };
}

export function lineItems(session: Session): LineItemView[] {
  return session.items.map((item) => ({ ...item, amount: item.unitAmount * BigInt(item.quantity) }));
}

// Null for a session made under a key that is no longer in use: its secret can't be derived any more, only checked.
function urlOf(room: Seams, session: Session): string | null {
  const secret = sessionSecret(room.sealKey, session.id);
  if (!opens(session.secretHash, secret)) return null;
  return `${room.webUrl}/checkout/${publicId(room.mode, session.id, secret)}`;
}
