import { type EventTrigger, next, type PaymentState, states, type Trigger } from '#server/payments/core/machine.ts';
import type { Variant } from '../variants.ts';
import { op, pay, said } from '../words.ts';
import { age, answerTo, at, type Kind, kinds, type State, sweep, underWay } from './state.ts';

export type Wrong = Variant<'payment'> | undefined;

/** What is told of an operation. `absent` is final here: nothing of it can be under way any more. */
export type Word = 'yes' | 'no' | 'absent';

export interface Recorded {
  to: State;
  path: readonly EventTrigger[];
}

/**
 * The one throat: what a word about an operation changes, as one commit; undefined where it is known already. Like the
 * product's, it moves the payment only where the table of moves has an edge.
 */
export function record(s: State, kind: Kind, word: Word, wrong: Wrong): Recorded | undefined {
  if (s[kind] !== op.open) return undefined;
  return recorders[kind](s, word, wrong);
}

const recorders: Record<Kind, (s: State, word: Word, wrong: Wrong) => Recorded> = {
  authorize(s, word) {
    if (word === 'yes') return move({ ...s, authorize: op.accepted }, 'authorize');
    if (word === 'no') return move({ ...s, authorize: op.refused }, 'decline');
    return move({ ...s, authorize: op.absent }, 'abandon');
  },
  capture(s, word, wrong) {
    if (word === 'yes') {
      if (wrong === 'posting in a second transaction') return move({ ...s, capture: op.accepted, owed: 1 }, 'capture');
      return move({ ...s, capture: op.accepted, ledger: s.ledger + 1 }, 'capture');
    }
    if (word === 'no') {
      // Definitely not captured: the void that compensates it is opened in the same commit.
      return stay(opened({ ...s, capture: op.refused }, 'void'), 'operation_refused', 'operation_opened');
    }
    return stay(opened(s, 'capture'), 'operation_absent', 'operation_opened');
  },
  void(s, word) {
    if (word === 'yes') return move({ ...s, void: op.accepted, stuck: 0 }, 'void');
    if (word === 'absent') return stay(opened(s, 'void'), 'operation_absent', 'operation_opened');
    const refused = { ...s, void: op.refused };
    if (s.state !== pay.capture_pending) return stay(refused, 'operation_refused');
    return stay({ ...refused, stuck: 1 }, 'operation_refused', 'escalated');
  },
};

/**
 * A new operation, under a new key. Copies of an older one do nothing any more, and whoever still carries that one will
 * find it closed.
 */
export function opened(s: State, kind: Kind): State {
  const to = { ...s, [kind]: op.open, [answerTo[kind]]: said.nothing, [underWay[kind]]: 0, age: age.young };
  if (kind === 'capture') to.merchantCaptures = at.away;
  if (kind === 'void') to.merchantVoids = at.away;
  if (kinds[to.about] === kind) to.sweep = sweep.idle;
  return to;
}

export function move(s: State, trigger: Trigger): Recorded {
  return { to: { ...s, state: led(s.state, trigger) }, path: [trigger] };
}

function stay(to: State, ...facts: EventTrigger[]): Recorded {
  return { to, path: facts };
}

/** Where the table of moves leads; where it leads nowhere the state stays, and the explorer names the illegal move. */
function led(state: number, trigger: Trigger): number {
  const to = next(states[state] as PaymentState, trigger);
  return to === undefined ? state : pay[to];
}
