import { sandbox } from '#server/providers/sandbox/sandbox.ts';
import type { Dice } from '../engine/dice.ts';
import type { Engine } from '../engine/engine.ts';
import { type Asked, cards, type Plan, type PlannedFault } from '../plan.ts';
import type { Lever } from './acquirer.ts';
import { type Course, callersPatience, type Passage } from './exchange.ts';
import type { Letter } from './vault.ts';

export type ExchangeFault = Extract<PlannedFault, { on: 'exchange' }>;

interface Struck {
  fault: ExchangeFault;
  letter: Letter;
  dice: Dice;
}

/** What a fault does to a letter, and whether that made a difference in the end. */
interface Rule {
  course(plain: Course, struck: Struck): Course;
  took(passage: Passage): boolean;
  /** Strikes every later request of this sort, too, until it took effect. */
  stays?: true;
  /** Requests that it has a meaning for; all where left out. */
  fits?: (letter: Letter) => boolean;
}

/** Milliseconds for what is late or slow, where the plan does not say. */
const late = 30_000;
const slow = { least: 2_000, most: 25_000 };

const acts = ({ method }: Letter) => method === 'POST';
const heard = (passage: Passage) => passage.heard === true;
const told = (passage: Passage) => heard(passage) && passage.reply?.kind === 'answered';

const rules: Partial<Record<ExchangeFault['kind'], Rule>> = {
  F11: { course: dripping, took: (passage) => passage.answer !== undefined && heard(passage) },
  F12: {
    course: (plain, struck) => ({ ...plain, lever: trouble(struck) }),
    took: (passage) => told(passage) && [429, 500].includes(passage.answer?.status ?? 0),
  },
  F13: {
    course: (plain, struck) => ({ ...plain, lever: wrong(struck) }),
    took: (passage) => told(passage) && isDecision(passage.answer?.status),
  },
  F9: {
    course: (plain, { fault, dice }) => ({ ...plain, answer: dice.pick(fault.id, ['breaks', 'never comes']) }),
    took: (passage) => passage.inTime === true && heard(passage),
  },
  F10: {
    course: delayed,
    took: (passage) => passage.inTime === false && (heard(passage) || passage.fresh),
    fits: acts,
  },
  F15: { course: delayed, took: (passage) => passage.answer !== undefined && passage.seenAbsent === true, fits: acts },
  F16: {
    course: unknown,
    took: (passage) => heard(passage) && !told(passage) && passage.letter.more && isApproved(passage.letter),
    fits: ({ asked }) => asked === 'authorize',
  },
  F17: {
    // As late as can be, and each time that it is sent, or what is sent again would be there before any cancel.
    course: (plain, { letter }) => ({
      ...plain,
      breaks: plain.arrives ?? 0,
      arrives: longest(letter),
      answer: 'never comes',
    }),
    // Where no tombstone is left nothing but patience helps, although somebody else stood ready.
    took: (passage) =>
      passage.cancelled === true ||
      (passage.answer !== undefined && !tombstone(passage.letter) && passage.seenAbsent === true),
    stays: true,
    fits: ({ asked }) => asked === 'authorize',
  },
  F8: {
    course: (plain, struck) => ({ ...plain, arrives: undefined, ...broken(plain, struck) }),
    took: (passage) => passage.answer === undefined && (heard(passage) || passage.fresh),
  },
};

/** The faults of single exchanges. */
export interface ExchangeFaults {
  course(letter: Letter, plain: Course): Course;
  over(passage: Passage): void;
}

/**
 * @param plan  Whose faults strike the nth request of a sort for a payment; where another fault has struck that, the
 *              next one, so that what is sent again fails in another way.
 */
export function makeExchangeFaults({ dice, tally, note }: Engine, plan: Pick<Plan, 'faults'>): ExchangeFaults {
  const known = plan.faults.filter((fault) => fault.on === 'exchange');
  // What stays comes last, or the others would have no turn.
  const inTurn = known.toSorted((one, other) => Number(stays(one)) - Number(stays(other)));
  const planned = Map.groupBy(inTurn, placeOf);
  const armed = new Set<ExchangeFault>();
  const took = new Set<ExchangeFault>();
  const strikes = new Map<Letter, ExchangeFault>();

  function fits(fault: ExchangeFault, letter: Letter): boolean {
    const rule = rules[fault.kind];
    const due = stays(fault) ? !took.has(fault) : !armed.has(fault);
    return rule !== undefined && due && letter.nth >= fault.nth && (rule.fits?.(letter) ?? true);
  }

  return {
    course(letter, plain) {
      const here = planned.get(placeOf({ payment: letter.n, asked: letter.asked }));
      const fault = here?.find((one) => fits(one, letter));
      const rule = fault && rules[fault.kind];
      if (!rule) return plain;
      strikes.set(letter, fault);
      if (!armed.has(fault)) tally.injected(fault.kind);
      armed.add(fault);
      note(`fault ${fault.id} ${fault.kind} strikes ${letter.name}`);
      return rule.course(plain, { fault, letter, dice });
    },
    over(passage) {
      const fault = strikes.get(passage.letter);
      strikes.delete(passage.letter);
      if (!fault || took.has(fault) || !rules[fault.kind]?.took(passage)) return;
      took.add(fault);
      tally.took(fault.kind, [fault.payment]);
      note(`fault ${fault.id} ${fault.kind} took effect`);
    },
  };
}

function stays({ kind }: ExchangeFault): boolean {
  return rules[kind]?.stays === true;
}

function placeOf({ payment, asked }: { payment: number | undefined; asked: Asked }): string {
  return `${payment}/${asked}`;
}

/** The caller is told at once that the connection is gone, or never. */
function broken({ arrives = 0 }: Course, { fault, dice }: Struck): Pick<Course, 'breaks'> {
  return dice.chance(`${fault.id} breaks`, 0.5) ? { breaks: arrives } : {};
}

/** On the road longer than the caller waits, and no longer than the provider promises at the most. */
function delayed(plain: Course, struck: Struck): Course {
  const { letter, fault } = struck;
  const breaks = broken(plain, struck);
  const gaveUp = breaks.breaks ?? callersPatience[letter.method];
  const arrives = Math.min(gaveUp + (fault.milliseconds ?? late), longest(letter));
  return { ...plain, ...breaks, arrives, answer: 'never comes' };
}

function dripping(plain: Course, { fault, letter, dice }: Struck): Course {
  const { milliseconds: ms = slow.least + dice.whole(fault.id, slow.most - slow.least) } = fault;
  if (!dice.chance(`${fault.id} thinks`, 0.5)) return { ...plain, back: plain.back + ms };
  return { ...plain, arrives: Math.min((plain.arrives ?? 0) + ms, longest(letter)) };
}

function unknown(plain: Course, struck: Struck): Course {
  const how = struck.dice.pick(`${struck.fault.id} how`, ['lost', 'silent', 'late'] as const);
  if (how === 'late') return delayed(plain, struck);
  return how === 'lost' ? { ...plain, arrives: undefined, ...broken(plain, struck) } : { ...plain, answer: 'breaks' };
}

function trouble({ fault, dice }: Struck): Lever {
  const after = { fault: 'error', after: true } as const;
  if (fault.how === '500') return after;
  if (fault.how === '429') return { fault: 'rate_limit' };
  return dice.pick<Lever>(`${fault.id} how`, [after, { fault: 'rate_limit' }]);
}

function wrong({ fault, letter, dice }: Struck): Lever {
  const all = ['broken_json', 'wrong_id', 'wrong_amount', 'wrong_currency'] as const;
  // A cancel is about no money.
  const ways = letter.asked === 'cancel' ? all.slice(0, 2) : all;
  return { fault: ways.find((way) => way === fault.how) ?? dice.pick(`${fault.id} how`, ways) };
}

function isDecision(status = 0): boolean {
  return [200, 201, 202, 402, 422].includes(status);
}

/** Another acquirer would have taken the card. */
function isApproved({ card }: Letter): boolean {
  return card === cards.good || card === cards.challenged;
}

function tombstone({ provider }: Letter): boolean {
  return sandbox(provider).capabilities.tombstone;
}

/** What the provider promises, and a second less, since the caller's clock does not start with ours. */
function longest({ provider }: Letter): number {
  return sandbox(provider).capabilities.maxInFlight - 1_000;
}
