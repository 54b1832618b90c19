import type { Currency } from '#server/kernel/money.ts';
import type { Expand } from '../expand.ts';

/** What every object needs to know of the request that asks for it. */
export interface Asked {
  livemode: boolean;
  expand: Expand;
}

/** Unix seconds, rounded down. */
export const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);

/** Eight digits at most, so that a number holds them exactly. */
export const minor = (amount: bigint): number => Number(amount);

export const small = (currency: Currency): string => currency.toLowerCase();

export interface List<T> {
  object: 'list';
  url: string;
  has_more: boolean;
  data: T[];
}

/** A list that is given whole. */
export function wholeList<T>(url: string, data: T[]): List<T> {
  return { object: 'list', url, has_more: false, data };
}
