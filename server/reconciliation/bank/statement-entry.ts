import { type Currency, currencies, isCurrency } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';

/** One entry of a bank statement, as `bank_lines` has it. */
export interface StatementEntry {
  /** CSV: its line, from 1, the heading included. camt.053: its place among the entries, from 1. */
  line: number;
  /** `2026-11-22` */
  bookedOn: string;
  /** Minor units with a sign: what came in is positive. */
  amount: bigint;
  currency: Currency;
  remittance: string;
  raw: string;
}

/** A statement is taken in whole or not at all: a gap in it would be a payout that nobody misses. */
export function unreadable(line: number, why: string): Refusal {
  return new Refusal('invalid_input', `Line ${line} of the statement: ${why}.`, { param: 'file' });
}

/** @throws Refusal `invalid_input` */
export function currencyOf(text: string, line: number): Currency {
  const code = text.trim().toUpperCase();
  if (!isCurrency(code)) throw unreadable(line, `its currency "${text.slice(0, 40)}" is not known`);
  return code;
}

/**
 * A decimal amount as minor units, exactly.
 *
 * @param text  "12.50", "-12,5" or "+12"; no thousands separators, and no more decimals than the currency has, so that
 *              "1,000" EUR is refused rather than read as one.
 */
export function amountOf(text: string, currency: Currency, line: number): bigint {
  const [, sign, whole, fraction = ''] = /^([+-]?)(\d{1,15})(?:[.,](\d+))?$/.exec(text.trim()) ?? [];
  const decimals = currencies[currency];
  if (whole === undefined || fraction.length > decimals) {
    throw unreadable(line, `"${text.slice(0, 40)}" is no amount in ${currency}, such as "-1234.50"`);
  }
  const units = BigInt(`${whole}${fraction.padEnd(decimals, '0')}`);
  return sign === '-' ? -units : units;
}

/** @param text  "2026-11-22", also with a time behind it; "22-11-2026" or "22.11.2026". */
export function dayOf(text: string, line: number): string {
  const iso = /^(\d{4})-(\d\d)-(\d\d)(?:T.*)?$/.exec(text.trim());
  const local = /^(\d\d)([-.])(\d\d)\2(\d{4})$/.exec(text.trim());
  const day = iso ? `${iso[1]}-${iso[2]}-${iso[3]}` : local && `${local[4]}-${local[3]}-${local[1]}`;
  const at = new Date(`${day}T00:00:00Z`);
  if (!day || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) {
    throw unreadable(line, `"${text.slice(0, 40)}" is no day, such as "2026-11-22"`);
  }
  return day;
}
