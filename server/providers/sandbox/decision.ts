import { z } from 'zod';
import { type Currency, isCurrency } from '#server/kernel/money.ts';
import { isTechnical } from '../decline-codes.ts';
import type { Exchange, Outcome } from '../outcome.ts';
import { declineCode } from './codes.ts';

/** Ids become parts of paths: nothing in them may lead elsewhere. */
export const ref = z.string().regex(/^[\w.:-]{1,120}$/);
export const currency = z.custom<Currency>((value) => typeof value === 'string' && isCurrency(value));

/** Not part of the decision: whatever stands there instead of text, the decision counts. */
const word = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);

/** What the simulated acquirers say of one operation, in answers and in webhooks. */
export const decision = z.object({
  id: ref,
  kind: z.enum(['authorization', 'capture', 'void', 'refund']),
  status: z.enum(['approved', 'declined', 'refused']),
  amount: z.int().min(0),
  currency,
  authorization_id: word,
  capture_id: word,
  fee: z.int().min(0).optional(),
  code: word,
  message: word,
});

export type Decision = z.infer<typeof decision>;

/** What the timeline shows of an answer; any field beside these is left out. */
const shown = z.object({
  id: word,
  key: word,
  kind: word,
  status: word,
  amount: number,
  currency: word,
  authorization_id: word,
  capture_id: word,
  fee: number,
  code: word,
  message: word,
  expires_at: word,
  error: z.object({ code: word, message: word, param: word }).optional().catch(undefined),
});

/** The listed fields of what was said. The address of a challenge is none of them: who knows it may answer. */
export function shownOf(said: unknown): Pick<Exchange, 'answer'> {
  const kept = shown.safeParse(said);
  return kept.success ? { answer: kept.data } : {};
}

/** A decision as an outcome. Whether it is about what was asked is for the caller to compare. */
export function outcomeOf(told: Decision, exchange: Exchange): Outcome {
  if (told.status === 'approved') {
    const { id: providerRef, amount, currency, fee } = told;
    const money = { amount: BigInt(amount), currency, ...(fee !== undefined && { fee: BigInt(fee) }) };
    return { kind: 'accepted', providerRef, ...money, exchange };
  }
  return refusal(told, exchange);
}

/** Their "no" in our words. */
export function refusal(told: Pick<Decision, 'code' | 'message'>, exchange: Exchange): Outcome {
  const word = told.code ?? null;
  const code = declineCode(word ?? '');
  const message = told.message ?? 'The provider said no and gave no reason.';
  return { kind: 'refused', code, providerCode: word, message, retryable: isTechnical(code), exchange };
}
