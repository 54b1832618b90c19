import { faults } from '../faults.ts';
import type { Breach } from '../judge/invariant.ts';
import type { PaymentPlan, Plan, PlannedFault } from '../plan.ts';
import { events } from './events-in-words.ts';
import type { Committed } from './story.ts';

/** All that is known of one world. */
export interface Trace {
  plan: Plan;
  /** As the engine told them: virtual milliseconds, who, what. */
  lines: readonly string[];
  story: readonly Committed[];
  breaches: readonly Breach[];
}

interface Line {
  at: number;
  who: string;
  says: string;
}

/** One payment's trace for somebody who has never seen one: who wanted what, what was committed, left and was lost. */
export function inWords(n: number, { plan, lines, story, breaches }: Trace): string {
  const payment = plan.payments.find((one) => one.n === n);
  if (!payment) return `The plan has no payment ${n}.`;
  const mine = plan.faults.filter((fault) => 'payment' in fault && fault.payment === n);
  const heard = lines.flatMap((line) => read(line, n));
  const wrote = story.filter((one) => one.n === n).map(committed);
  // The log knows whole milliseconds: what was heard in the same one was the cause of what was written.
  const all = during(heard, wrote).toSorted((a, b) => Math.floor(a.at) - Math.floor(b.at));
  const verdict = breaches.length === 0 ? ['The judge finds nothing wrong.'] : breaches.map(sentence);
  return [wanted(payment), ...mine.map(planned), '', ...all.map(row), '', ...verdict].join('\n');
}

/** What befell a whole process is told as far as the payment was there. */
function during(heard: Line[], wrote: Line[]): Line[] {
  const own = [...heard.filter(({ who }) => who !== 'world'), ...wrote].map(({ at }) => at);
  const [first, last] = [Math.min(...own), Math.max(...own)];
  return [...heard.filter(({ who, at }) => who !== 'world' || (at >= first && at <= last)), ...wrote];
}

/** A line of the engine's in words, where it is about this payment or about all of them. */
function read(line: string, n: number): Line[] {
  const fault = faultIn(line, n);
  if (fault) return [fault];
  const [, time = '', who = '', what = ''] = /^([\d.]+) ([^:]+): (.*)\n?$/.exec(line) ?? [];
  const at = Number(time);
  if (who === `payment ${n}`) return [{ at, ...speaker(what) }];
  const own = new RegExp(`#${n}\\b\\s*(.*)`).exec(what);
  if (own) return [{ at, who, says: onTheWire(own[1] ?? '') }];
  const [kind] = /\bF\d+\b/.exec(what) ?? [];
  if (!kind || who.startsWith('payment ') || what.includes('#')) return [];
  const { says } = faults[kind as keyof typeof faults] ?? { says: '' };
  return [{ at, who: 'world', says: `${kind} strikes ${who}: ${says}` }];
}

/** `fault F9.17 F9 strikes #17 capture 1`, and later that it took effect. */
function faultIn(line: string, n: number): Line | undefined {
  const [, time, id = '', kind = '', what = ''] = /^([\d.]+) fault (\S+) (F\d+) (.*)\n?$/.exec(line) ?? [];
  if (time === undefined || id !== `${kind}.${n}`) return undefined;
  const says = faults[kind as keyof typeof faults]?.says;
  const struck = what.startsWith('strikes ') ? `${what.replace(/#\d+ ?/, '')}: ${says}` : what.replace(/ on #\d+/, '');
  return { at: Number(time), who: 'fault', says: `${kind} ${struck}` };
}

function speaker(what: string): Omit<Line, 'at'> {
  const [, who, says] = /^the (client|shopper|bank|merchant) (.*)$/.exec(what) ?? [];
  return who && says ? { who, says } : { who: 'fault', says: what };
}

/** `authorize to the vault`, `authorize 1 arrives`: the first authorize of this payment, at the acquirer's door. */
function onTheWire(what: string): string {
  const [, asked = '', nth = '1', rest = ''] = /^(\w+)(?: (\d+))? (.+)$/.exec(what) ?? [];
  if (asked === 'webhook') return onItsWay(nth, rest);
  const name = asked === 'inquire' ? 'inquiry' : asked;
  const request = nth === '1' ? name : `${name} (${nth})`;
  if (rest === 'to the vault') return `sends ${request} by way of the vault`;
  if (rest.startsWith('answered ')) return `hears ${rest.slice('answered '.length)} for ${request}`;
  if (rest.startsWith('silent: ')) return `hears nothing about ${request}: ${rest.slice('silent: '.length)}`;
  return asked === '' ? what : `${request} ${rest}`;
}

function onItsWay(nth: string, rest: string): string {
  if (rest === '200') return `webhook ${nth} is taken`;
  return rest === 'unanswered' ? `webhook ${nth} gets no answer` : `webhook ${nth}: ${rest}`;
}

function committed({ at, attempt, from, trigger, to, cause, operation }: Committed): Line {
  const what = events[trigger] ?? trigger;
  const about = operation ? ` (${operation.kind} of ${operation.amount} at ${operation.provider})` : '';
  const moved = from === to ? `still ${to}` : to;
  const nth = attempt > 1 ? ` of try ${attempt}` : '';
  return { at, who: 'database', says: `${what}${nth}${about} → ${moved}; because of: ${cause}` };
}

function wanted({
  n,
  amount,
  currency,
  card,
  secondCard,
  captureMethod,
  wish,
  refunds,
  ...payment
}: PaymentPlan): string {
  const cards = secondCard ? `${card}, then ${secondCard}` : card;
  const wishes = captureMethod === 'automatic' ? `captured at once, then ${wish}` : `held, then ${wish}`;
  const back =
    refunds.length > 0 ? `, refunds of ${refunds.join(' and ')}${payment.refundsAtOnce ? ' at once' : ''}` : '';
  return `Payment ${n}: ${amount} ${currency} in minor units, card ${cards}, ${wishes}${back}. ${comesBack[payment.returns]}`;
}

const comesBack: Record<PaymentPlan['returns'], string> = {
  'at once': 'Without an answer it asks again at once.',
  late: 'Without an answer it asks again much later.',
  elsewhere: 'Without an answer it asks again at the other API.',
  never: 'Without an answer it never asks again.',
};

function planned(fault: PlannedFault): string {
  const where =
    fault.on === 'exchange' ? ` at ${fault.asked} ${fault.nth}` : 'nth' in fault ? ` at ${fault.on} ${fault.nth}` : '';
  return `Planned: ${fault.id}${where}: ${faults[fault.kind].says}.`;
}

function row({ at, who, says }: Line): string {
  return `${(at / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(8)}  ${says}`;
}

function sentence({ invariant, says }: Breach): string {
  return invariant === 'model' ? `The model of the protocol: ${says}` : `The judge: ${invariant} is broken. ${says}`;
}
