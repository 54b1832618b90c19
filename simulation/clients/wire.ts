import type { Reply } from '../world/world.ts';

/** What a client reads of a payment intent. */
export interface Intent {
  id: string;
  status: string;
  amount_received: number;
}

interface Body {
  id?: string;
  status?: string;
  amount_received?: number;
  error?: { type?: string; code?: string; payment_intent?: Intent };
}

function bodyOf({ body }: Reply): Body {
  try {
    return JSON.parse(body) as Body;
  } catch {
    return {};
  }
}

/** The intent that an answer shows, also where it says no to a card. */
export function intentIn(reply: Reply): Intent | undefined {
  const { error, ...body } = bodyOf(reply);
  if (error) return error.payment_intent;
  const { id, status, amount_received = 0 } = body;
  return id?.startsWith('pi_') && status ? { id, status, amount_received } : undefined;
}

/** The refund that an answer shows. */
export function refundIn(reply: Reply): { id: string; status: string } | undefined {
  const { id, status } = bodyOf(reply);
  return id?.startsWith('re_') && status ? { id, status } : undefined;
}

/** Whether the same request is to be sent again: its key is in use, the payment is busy, or something is down. */
export function saysComeAgain({ status }: Reply): boolean {
  return status === 409 || status === 429 || status >= 500;
}

/** Whether it was refused because its key belongs to another request. */
export function isOfAnother(reply: Reply): boolean {
  return reply.status !== 409 && bodyOf(reply).error?.type === 'idempotency_error';
}

/** For traces: the status, and what is said there of the matter. */
export function inShort(reply: Reply | undefined): string {
  if (!reply) return 'no answer';
  const { error, status, id = '' } = bodyOf(reply);
  const word = error ? (error.code ?? error.type ?? 'an error') : status;
  return [reply.status, word, id.startsWith('re_') ? '(refund)' : ''].filter((part) => part).join(' ');
}

/** Whether there is something to tell: a payment that waits for an answer is `processing`. */
export function isOver({ status }: Intent): boolean {
  return status !== 'processing';
}
