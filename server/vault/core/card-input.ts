import { z } from 'zod';
import { Refusal } from '#server/kernel/refusal.ts';
import { brandOf, codeFault, expiryFault, type Fault, numberFault } from '../frame/card.ts';
import { wordsFor } from '../frame/words.ts';
import { requireTestNumber } from './test-cards.ts';

/** A card as a shopper types it: in this process's memory while it is being sealed or sent, and nowhere else. */
export interface Card {
  /** Digits alone. */
  number: string;
  expMonth: number;
  /** Four digits. */
  expYear: number;
  code: string;
}

/** What the frame sends to POST /tokens. */
export const cardForm = z.strictObject({
  grant: z.string().min(1).max(200),
  number: z.string().regex(/^\d{0,19}$/),
  exp_month: z.int(),
  exp_year: z.int(),
  cvc: z.string().regex(/^\d{0,4}$/),
});

/** @throws Refusal that names the field: what a browser has checked, a stranger has not. */
export function requireCard(card: Card, { now, testMode }: { now: Date; testMode: boolean }): void {
  refuse('number', numberFault(card.number));
  refuse('expiry', expiryFault({ month: card.expMonth, year: card.expYear }, now));
  refuse('cvc', codeFault(card.code, brandOf(card.number)));
  if (testMode) requireTestNumber(card.number);
}

function refuse(param: string, fault: Fault | undefined): void {
  if (fault) throw new Refusal('invalid_input', wordsFor('en').faults[fault], { param });
}
