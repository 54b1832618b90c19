import type { EventTrigger } from '#server/payments/core/machine.ts';
import { op, pay, said } from '../words.ts';
import {
  answerTo,
  at,
  captured,
  each,
  type Refund,
  refunds,
  resent,
  type State,
  underWay,
  type Wrong,
} from './state.ts';

/** What is told of a refund. `absent` is final here, and so is what was not taken. */
export type Word = 'yes' | 'no' | 'absent' | 'not taken';

export interface Recorded {
  to: State;
  path: readonly EventTrigger[];
}

/** Whether the refund may be asked for: what was given back or is reserved, and this one, are within the capture. */
export function fits(s: State): boolean {
  return s.state === pay.captured && s.refunded + s.reserved + each <= captured;
}

/** The reservation and the operation are one commit, under a new key. */
export function opened(s: State, refund: Refund, wrong: Wrong): State {
  const reserved = wrong === 'refund: check then act' ? s.reserved : s.reserved + each;
  const anew = { [answerTo[refund]]: said.nothing, [underWay[refund]]: 0, [resent[refund]]: 0 };
  const to = { ...s, ...anew, [refund]: op.open, reserved };
  // Whoever still asks about an older one will find it closed.
  return refunds[to.workerOn] === refund ? { ...to, worker: at.away, workerOn: 0 } : to;
}

/** The one throat. Only a definite word lets the reservation go; undefined where it is known already. */
export function record(s: State, refund: Refund, word: Word): Recorded | undefined {
  if (s[refund] !== op.open) return undefined;
  const reserved = Math.max(s.reserved - each, 0);
  if (word === 'yes') {
    const to = { ...s, [refund]: op.accepted, reserved, refunded: Math.min(s.refunded + each, 15) };
    return { to, path: ['partial_refund'] };
  }
  const path = word === 'absent' ? 'operation_absent' : 'operation_refused';
  return { to: { ...s, [refund]: word === 'absent' ? op.absent : op.refused, reserved }, path: [path] };
}
