import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import { once as onceByKey } from '#server/idempotency/once.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { Context } from './context.ts';

export interface Act {
  /** Made by the dialog when it opens, and sent again with every try. */
  attempt: string;
  /** The procedure and its input: another act under the same attempt is refused. */
  says: unknown[];
}

/**
 * Does a dialog's act once. A second press, or a try again after the answer was lost, finds the first one and does
 * nothing; the page then shows what the first has done.
 */
export async function once(
  { rooms, request }: Context,
  caller: StaffCaller,
  { attempt, says }: Act,
  act: (claim: Claim) => Promise<unknown>,
): Promise<void> {
  const text = JSON.stringify(says, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  const key = `console:${caller.staffId}:${attempt}`;
  // Of its own, not the context's: several calls may come in one request.
  const claim = { merchantId: caller.merchantId, key, fingerprint: sha256(text), request: rooms.requestId() };
  const known = await onceByKey(rooms.keys, claim, () => act(claim));
  if (known.kind === 'done') return;
  await rooms.keys.remember(claim, { status: 200, body: '{}', request });
}
