import { z } from 'zod';
import { isCurrency } from '#server/kernel/money.ts';
import type { Order, ProviderAnswer } from '../contract.ts';
import { isTechnical } from '../decline-codes.ts';
import type { Exchange, Outcome } from '../outcome.ts';
import { declineCode } from './codes.ts';

const kinds = { authorize: 'authorization', capture: 'capture', void: 'void', refund: 'refund' } as const;

/** Ids become parts of paths: nothing in them may lead elsewhere. */
const ref = z.string().regex(/^[\w.:-]{1,120}$/);

/** Not part of the decision: whatever stands there instead of text, the decision counts. */
const word = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);

const decision = z.object({
  id: ref,
  kind: z.enum(['authorization', 'capture', 'void', 'refund', 'tombstone']),
  status: z.enum(['approved', 'declined', 'refused']),
  amount: z.int().min(0),
  currency: z.string().refine(isCurrency),
  authorization_id: word,
  capture_id: word,
  fee: z.int().min(0).optional(),
  code: word,
  message: word,
});

type Decision = z.infer<typeof decision>;

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
  error: z.object({ code: word, message: word, param: word }).optional().catch(undefined),
});

/** The status with which each decision is first told. */
const statuses = { approved: 201, declined: 402, refused: 422 } as const;

/** Reads the answer to a request that was sent. */
export function readSent(order: Order, answer: ProviderAnswer): Outcome {
  const exchange = exchangeOf(answer);
  // The request itself is at fault: it did nothing, and since it is sent again byte for byte it never will.
  if (answer.status === 400) return notUnderstood(exchange);
  const told = decision.safeParse(answer.body);
  if (told.success && answer.status === statuses[told.data.status]) return conclude(order, told.data, exchange);
  return unknown(`status ${answer.status} without a decision that can be read`, exchange);
}

/** Reads the answer to an inquiry. That a key is not known there may mean: not yet. */
export function readInquiry(order: Order, answer: ProviderAnswer): Outcome {
  const exchange = exchangeOf(answer);
  if (answer.status === 404 && absence.safeParse(answer.body).success) return { kind: 'absent', exchange };
  const told = decision.safeParse(answer.body);
  if (told.success && answer.status === 200) return conclude(order, told.data, exchange);
  return unknown(`inquiry answered with status ${answer.status}`, exchange);
}

const absence = z.object({ status: z.literal('absent') });

function conclude(order: Order, told: Decision, exchange: Exchange): Outcome {
  const why = differenceOf(order, told);
  if (why) return unknown(why, exchange);
  if (told.status === 'approved') {
    return {
      kind: 'accepted',
      providerRef: told.id,
      amount: BigInt(told.amount),
      currency: order.currency,
      ...(told.fee !== undefined && { fee: BigInt(told.fee) }),
      exchange,
    };
  }
  const word = told.code ?? null;
  const code = declineCode(word ?? '');
  const message = told.message ?? 'The provider said no and gave no reason.';
  return { kind: 'refused', code, providerCode: word, message, retryable: isTechnical(code), exchange };
}

/** How the answer is about something else than what was asked. An answer like that says nothing about our money. */
function differenceOf(order: Order, told: Decision): string | undefined {
  const pairs: [what: string, asked: unknown, answered: unknown][] = [
    ['kind', kinds[order.kind], told.kind],
    ['amount', order.amount, BigInt(told.amount)],
    ['currency', order.currency, told.currency],
  ];
  if (order.kind === 'refund') pairs.push(['capture', order.captureRef, told.capture_id]);
  else if (order.kind !== 'authorize') pairs.push(['authorization', order.authorizationRef, told.authorization_id]);
  const pair = pairs.find(([, asked, answered]) => asked !== answered);
  return pair && `the answer differs in its ${pair[0]}: asked ${pair[1]}, answered ${pair[2]}`;
}

function notUnderstood(exchange: Exchange): Outcome {
  const message = 'The provider did not understand the request.';
  return { kind: 'refused', code: 'processing_error', providerCode: null, message, retryable: true, exchange };
}

function unknown(why: string, exchange: Exchange): Outcome {
  return { kind: 'unknown', why, exchange };
}

function exchangeOf({ status, milliseconds, body }: ProviderAnswer): Exchange {
  const kept = shown.safeParse(body);
  return { status, milliseconds, ...(kept.success && { answer: kept.data }) };
}
