import { z } from 'zod';
import { type Ask, keyOf, type Order, type ProviderAnswer } from '../contract.ts';
import type { Outcome } from '../outcome.ts';
import { exchangeOf, readInquiry } from './answer.ts';
import { readCancel } from './cancel.ts';

const absence = z.object({ status: z.literal('absent') });

/** That a key is not known there may mean: not yet. */
export function inquire(order: Order): Ask {
  const read = (answer: ProviderAnswer): Outcome => {
    if (answer.status === 404 && absence.safeParse(answer.body).success) {
      return { kind: 'absent', exchange: exchangeOf(answer) };
    }
    return order.kind === 'cancel' ? readCancel(order, answer, () => 200) : readInquiry(order, answer);
  };
  return { request: { method: 'GET', path: `/operations/${keyOf(order)}` }, read };
}
