import type { Currency } from '#server/kernel/money.ts';
import { formatMoney, largestAmount } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { LineItemInput } from '../view.ts';

const mostLines = 100;
const mostPieces = 999_999;

/** Adds up a cart exactly. The total is always ours: a merchant names prices and quantities, never a sum. */
export function cartTotal(items: readonly LineItemInput[], currency: Currency): bigint {
  if (items.length < 1 || items.length > mostLines) {
    throw new Refusal('invalid_input', `A session takes 1 to ${mostLines} line items.`, { param: 'line_items' });
  }
  const total = items.reduce((sum, item, position) => sum + lineTotal(item, position), 0n);
  if (total < 1n) {
    throw new Refusal('amount_too_small', 'The line items add up to nothing.', { param: 'line_items' });
  }
  if (total > largestAmount) {
    const most = formatMoney({ amount: largestAmount, currency });
    throw new Refusal('amount_too_large', `The line items add up to more than ${most}.`, { param: 'line_items' });
  }
  return total;
}

function lineTotal(item: LineItemInput, position: number): bigint {
  const line = `line_items[${position}]`;
  const name = item.name.trim();
  if (name.length < 1 || name.length > 250)
    refuse('A name has 1 to 250 characters.', `${line}[price_data][product_data][name]`);
  if ((item.description?.length ?? 0) > 500) {
    refuse('A description has at most 500 characters.', `${line}[price_data][product_data][description]`);
  }
  if (!Number.isInteger(item.quantity) || item.quantity < 1 || item.quantity > mostPieces) {
    refuse(`A quantity is a whole number from 1 to ${mostPieces}.`, `${line}[quantity]`);
  }
  if (item.unitAmount < 0n || item.unitAmount > largestAmount) {
    refuse(`A unit amount is 0 to ${largestAmount} minor units.`, `${line}[price_data][unit_amount]`);
  }
  return item.unitAmount * BigInt(item.quantity);
}

function refuse(message: string, param: string): never {
  throw new Refusal('invalid_input', message, { param });
}
