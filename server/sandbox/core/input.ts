import { isCurrency, largestAmount } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { AuthorizeRequest, Fees } from './decide.ts';
import { askKinds, type Fault, faults, type Lever } from './levers.ts';

/** A JSON object, not yet looked at. */
export type Body = Record<string, unknown>;

const longestText = 255;

/** @throws Refusal `invalid_input` for anything but a JSON object. An empty body is an empty object. */
export function readBody(text: string): Body {
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch {
    throw bad('The body is not JSON.');
  }
  if (!isObject(value)) throw bad('The body must be a JSON object.');
  return value;
}

export function readAuthorize(body: Body): AuthorizeRequest {
  const card = body.card;
  if (!isObject(card)) throw bad('A card is an object with number, exp_month, exp_year and perhaps cvc.', 'card');
  const cvc = card.cvc;
  return {
    amount: readAmount(body),
    currency: readCurrency(body.currency),
    returnUrl: body.return_url === undefined ? undefined : textOf(body.return_url, 'return_url', isWebAddress),
    reference: textOf(body.reference, 'reference', (text) => text !== '' && text.length <= longestText),
    card: {
      number: textOf(card.number, 'card.number', (text) => /^\d{12,19}$/.test(text)),
      expMonth: numberOf(card.exp_month, 'card.exp_month'),
      expYear: century(numberOf(card.exp_year, 'card.exp_year')),
      cvc: cvc === undefined ? undefined : textOf(cvc, 'card.cvc', (text) => /^\d{1,4}$/.test(text)),
    },
  };
}

/** An amount in minor units: a whole number from 1 to 99999999. */
export function readAmount(body: Body): number {
  const amount = body.amount;
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 1 || amount > Number(largestAmount)) {
    throw bad(`An amount is a whole number of minor units from 1 to ${largestAmount}.`, 'amount');
  }
  return amount;
}

/** A line that no operation stands behind: `{amount, currency, reference}`, the amount with a sign. */
export function readAdjustment(body: Body): { amount: number; currency: string; reference: string } {
  const { amount } = body;
  const limit = Number(largestAmount);
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount === 0 || Math.abs(amount) > limit) {
    throw bad(`An adjustment is a whole number of minor units up to ${limit}, with a sign.`, 'amount');
  }
  const reference = textOf(body.reference, 'reference', (text) => text.length <= longestText);
  return { amount, currency: readCurrency(body.currency), reference };
}

/** @throws Refusal `invalid_input` unless it is 1 to 255 characters of printable ASCII. */
export function readKey(header: string | string[] | undefined): string {
  if (typeof header !== 'string' || header.length > longestText || !/^[\x21-\x7e]+$/.test(header)) {
    throw bad('Send an Idempotency-Key header of 1 to 255 printable characters.', 'Idempotency-Key');
  }
  return header;
}

export function readLever(body: Body): Lever {
  const known = ['kind', 'fault', 'times', 'milliseconds', 'last4', 'after', 'copies'];
  for (const name of Object.keys(body)) {
    // A misspelt filter would put the fault into every request.
    if (!known.includes(name)) throw bad(`A lever has ${known.join(', ')}.`, name);
  }
  const { after } = body;
  if (after !== undefined && typeof after !== 'boolean') throw bad('after is true or false.', 'after');
  return {
    fault: oneOf(Object.keys(faults) as Fault[], body.fault, 'fault'),
    ...(body.kind !== undefined && { kind: oneOf(askKinds, body.kind, 'kind') }),
    ...(body.last4 !== undefined && { last4: textOf(body.last4, 'last4', (text) => /^\d{4}$/.test(text)) }),
    ...(body.times !== undefined && { times: numberOf(body.times, 'times') }),
    ...(body.milliseconds !== undefined && { milliseconds: numberOf(body.milliseconds, 'milliseconds') }),
    ...(body.copies !== undefined && { copies: numberOf(body.copies, 'copies') }),
    ...(after !== undefined && { after }),
  };
}

/** A name of ours, as a request's field. */
export function readRef(value: unknown, param: string): string {
  return textOf(value, param, (text) => /^[\w.:-]{1,120}$/.test(text));
}

/** Which webhooks to send again: one by its id, or the last few. */
export function readReplay({ id, count }: Body): { id?: string; count: number } {
  if (id !== undefined) return { id: readRef(id, 'id'), count: 1 };
  return { count: count === undefined ? 1 : numberOf(count, 'count') };
}

/** For the environment: {"basisPoints":140,"fixed":25}. */
export function readFees(text: string): Fees {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { basisPoints, fixed } = isObject(value) ? value : {};
  if (!isCount(basisPoints) || basisPoints > 10_000 || !isCount(fixed)) {
    throw new Error('it must be JSON such as {"basisPoints":140,"fixed":25}, with at most 10000 basis points');
  }
  return { basisPoints, fixed };
}

function readCurrency(value: unknown): string {
  if (typeof value !== 'string' || !isCurrency(value)) throw bad('Send an ISO 4217 code in capitals.', 'currency');
  return value;
}

function textOf(value: unknown, param: string, fits: (text: string) => boolean): string {
  if (typeof value !== 'string' || !fits(value)) throw bad(`${param} is missing or malformed.`, param);
  return value;
}

/** A whole number, 0 or more, as a number or as digits. */
function numberOf(value: unknown, param: string): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (!isCount(number)) throw bad(`${param} is missing or malformed: send a whole number.`, param);
  return number;
}

/** 34 is 2034, as on a card. */
function century(year: number): number {
  return year < 100 ? 2000 + year : year;
}

function oneOf<T extends string>(words: readonly T[], value: unknown, param: string): T {
  const word = words.find((one) => one === value);
  if (!word) throw bad(`${param} is one of ${words.join(', ')}.`, param);
  return word;
}

function isWebAddress(text: string): boolean {
  return text.length <= 2_000 && URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names the field, never its value: it may be a card number. */
function bad(message: string, param?: string): Refusal {
  return new Refusal('invalid_input', message, param === undefined ? {} : { param });
}
