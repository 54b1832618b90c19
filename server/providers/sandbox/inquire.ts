import { type Ask, keyOf, type Order } from '../contract.ts';
import { readInquiry } from './answer.ts';

export function inquire(order: Order): Ask {
  return {
    request: { method: 'GET', path: `/operations/${keyOf(order)}` },
    read: (answer) => readInquiry(order, answer),
  };
}
