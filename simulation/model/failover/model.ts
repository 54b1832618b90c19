import type { Model } from '../model.ts';
import { op, pay } from '../words.ts';
import { carrierSteps } from './carry.ts';
import { providerSteps } from './provider.ts';
import { at, carriers, fields, ops, type Setting, type State, start, underWay } from './state.ts';

/**
 * One authorization over two providers: A is asked first, B after a definite "no", after a send that nobody took, or
 * behind a tombstone. One try, two workers that sweep, webhooks, a queue.
 */
export function failover(setting: Setting): Model<State> {
  return {
    name: `failover over two providers, ${setting.tombstone ? 'with' : 'without'} tombstone`,
    fields,
    start,
    payment: 'state',
    steps(s, go) {
      carrierSteps(s, go, setting);
      providerSteps(s, go, setting);
    },
    broken,
    atRest,
    brokenAtRest,
    landmarks: setting.tombstone ? { ...landmarks, ...behindTombstone } : landmarks,
  };
}

function broken(s: State): string | undefined {
  if (s.aHeld > 0 && s.bHeld > 0) return 'I1: two providers hold money';
  if (s.aHeld > 1 || s.bHeld > 1) return 'I1: two authorizations';
  return undefined;
}

function atRest(s: State): boolean {
  const idle = carriers.every(({ who }) => s[who] === at.away || s[who] === at.told_paid || s[who] === at.told_failed);
  return idle && ops.every((of) => s[of] !== op.open && s[underWay[of]] === 0) && s.queued === 0;
}

function brokenAtRest(s: State): string | undefined {
  const held = s.aHeld + s.bHeld;
  if (s.try === at.told_failed && held > 0) return 'I9: told "failed", and the money is held';
  if (s.try === at.told_paid && held === 0) return 'I9: told "paid", and nothing is held';
  if (s.state === pay.authorized) return held === 1 ? undefined : 'I7: authorized here, and not there';
  return held === 0 ? undefined : 'I9: not authorized here, and the money is held there';
}

const landmarks: Record<string, (s: State) => boolean> = {
  'B pays after A declined': (s) => s.b === op.accepted && s.a === op.refused,
  'B pays after nobody at A took the request': (s) => s.b === op.accepted && s.a === op.absent && s.x === op.none,
  'A pays, and was asked twice': (s) => s.a === op.accepted && s.aResent === 1,
  'it ends in the queue, unpaid': (s) => s.state === pay.failed && s.a === op.absent && s.b === op.none,
};

const behindTombstone: Record<string, (s: State) => boolean> = {
  'B pays after A was cancelled': (s) => s.b === op.accepted && s.a === op.absent && s.x === op.accepted,
  'B pays while a request to A is still under way': (s) =>
    s.b === op.accepted && s.x === op.accepted && s.aUnderWay === 1,
  'A pays although it was cancelled: too late': (s) => s.a === op.accepted && s.x === op.refused,
};
