import type { Mode } from '#server/auth/caller.ts';
import { readId, showId } from '#server/kernel/id.ts';

/** `cs_test_…`: names a session in the merchant's books and in `{CHECKOUT_SESSION_ID}`. Opens nothing by itself. */
export function showSessionId(mode: Mode, sessionId: string): string {
  return showId('session', sessionId).replace('cs_', `cs_${mode}_`);
}

/** The uuid behind a shown session id of this mode, or undefined. */
export function readSessionId(mode: Mode, text: string): string | undefined {
  const prefix = `cs_${mode}_`;
  return text.startsWith(prefix) ? readId('session', `cs_${text.slice(prefix.length)}`) : undefined;
}
