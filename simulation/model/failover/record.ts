import type { EventTrigger } from '#server/payments/core/machine.ts';
import { op, pay } from '../words.ts';
import type { Op, State } from './state.ts';

/** What is told of an operation. `no, elsewhere`: another provider may be asked. `absent` is final here. */
export type Word = 'yes' | 'no' | 'no, elsewhere' | 'absent' | 'not taken';

export interface Recorded {
  to: State;
  path: readonly EventTrigger[];
  /** What was opened in the same commit: whoever recorded it sends it next. */
  opened?: Op;
}

/** The one throat: all that a word about an operation may lead to, each one commit; nothing where it is known. */
export function record(s: State, of: Op, word: Word): Recorded[] {
  if (s[of] !== op.open) return [];
  if (of === 'x') return cancelled(s, word);
  const over = closedCancel(s, of);
  switch (word) {
    case 'yes':
      return [{ to: { ...over, [of]: op.accepted, state: pay.authorized }, path: ['authorize'] }];
    case 'no':
      return [{ to: { ...over, [of]: op.refused, state: pay.failed }, path: ['decline'] }];
    case 'no, elsewhere':
      // Where nobody else is left, or takes charges, a no is a no.
      return of === 'a' && s.b === op.none ? onward({ ...over, a: op.refused }, 'operation_refused').slice(0, 1) : [];
    case 'not taken':
      return onward({ ...over, [of]: op.absent }, 'operation_absent');
    case 'absent':
      return [{ to: { ...over, [of]: op.absent, state: pay.failed }, path: ['abandon'] }];
  }
}

/** The tombstone lies: what it blocks did nothing and never will; only now may another provider be asked. */
function cancelled(s: State, word: Word): Recorded[] {
  if (word === 'no') return [{ to: { ...s, x: op.refused }, path: ['operation_refused'] }];
  const to = { ...s, x: op.accepted };
  if (s.a !== op.open) return [{ to, path: ['operation_absent'] }];
  return onward({ ...to, a: op.absent }, 'operation_absent');
}

/** An operation that gets its last word ends the cancel that came too late for it. */
function closedCancel(s: State, of: Op): State {
  return of === 'a' && s.x === op.open ? { ...s, x: op.refused } : s;
}

/** The next provider of the plan, or the queue where none takes charges. */
function onward(s: State, because: EventTrigger): Recorded[] {
  const queued: Recorded = { to: { ...s, queued: 1 }, path: [because, 'queued'] };
  if (s.b !== op.none) return [queued];
  return [{ to: { ...s, b: op.open }, path: [because, 'operation_opened'], opened: 'b' }, queued];
}
