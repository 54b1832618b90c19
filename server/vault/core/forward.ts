import { type Dispatcher, request } from 'undici';
import type { Answer, Parcel } from './parcel.ts';

const patience = 25_000;

/**
 * Hands a parcel to the vault process that holds its token's verification code. That process makes every check again
 * and claims the send itself, so that a parcel can be passed on without harm. It is passed on once: what comes from a
 * vault is sent or refused where it arrives.
 *
 * @param self   Internal URL of this process.
 * @param agent  Calls other vaults under this one's identity.
 */
export function makeForward({ self, agent }: { self: string; agent: Dispatcher }) {
  return (parcel: Parcel, holder: string): Promise<Answer> | undefined =>
    holder === self ? undefined : pass(parcel, holder, agent);
}

async function pass(parcel: Parcel, holder: string, agent: Dispatcher): Promise<Answer> {
  try {
    const answer = await request(`${holder}/egress`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...parcel, amount: String(parcel.amount) }),
      headersTimeout: patience,
      bodyTimeout: patience,
    });
    const body = await answer.body.json();
    if (answer.statusCode === 200) return body as Answer;
  } catch (error) {
    // Nobody listens there any more, and what its memory held went with it.
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
      const message = 'The security code is no longer held. Ask the shopper for it again.';
      return { kind: 'not_sent', code: 'verification_code_gone', message };
    }
  }
  return { kind: 'silent', why: 'connection_lost', milliseconds: 0 };
}
