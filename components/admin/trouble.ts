import type { PaymentState } from '#server/payments/view.ts';
import type { Tone } from '../tone.ts';
import { span } from '../ui/time.ts';
import { words } from '../ui/words.ts';

/** An answer that takes longer than this is worth a person's eye. */
const patience = 60_000;

interface Standing {
  state: PaymentState;
  failureCode: string | null;
  waitingSince: Date | null;
}

/** What is wrong with a payment, in a few words: an answer that is late, or why it failed. */
export function troubleOf(
  { state, failureCode, waitingSince }: Standing,
  now: Date,
): { tone: Tone; says: string } | undefined {
  const waited = waitingSince ? now.getTime() - waitingSince.getTime() : 0;
  if (waited > patience) return { tone: 'warn', says: `Waiting ${span(waited)}` };
  if (state === 'failed') return { tone: 'bad', says: words(failureCode ?? 'failed') };
  return undefined;
}
