import type { Model } from '../model.ts';
import { consumerSteps } from './consumer.ts';
import {
  at,
  before,
  changes,
  effect,
  fields,
  no,
  parked,
  type State,
  start,
  tx,
  type Wrong,
  workers,
} from './state.ts';
import { writerSteps } from './writers.ts';

/**
 * The event row in the commit of its change, the log read up to the oldest transaction under way, effect and cursor in
 * one transaction, failing events parked: four changes, two workers, kills everywhere.
 */
export function outbox(wrong?: Wrong): Model<State> {
  return {
    name: 'outbox, log and consumer',
    fields,
    start,
    steps(s, go) {
      writerSteps(s, go, wrong);
      consumerSteps(s, go, wrong);
    },
    broken,
    atRest,
    brokenAtRest: (s) => (changes.some((one) => isChange(s, one) && s[effect[one]] === 0) ? lost : undefined),
    landmarks,
  };
}

const lost = 'I10: an event was lost';

function isChange(s: State, one: (typeof changes)[number]): boolean {
  return s[one] === tx.committed || s[one] === tx.unheard;
}

function broken(s: State): string | undefined {
  for (const one of changes) {
    if (s[effect[one]] > 1) return 'I10: an effect took place twice';
    const first = before[one];
    if (first && s[effect[one]] > s[effect[first]]) return "I10: a payment's events took effect out of order";
  }
  return undefined;
}

function atRest(s: State): boolean {
  const written = changes.every((one) => s[one] !== tx.running && s[one] !== tx.unpublished && s[parked[one]] === 0);
  const last = Math.max(...changes.map((one) => s[no[one]]));
  return written && s.cursor === last && workers.every(({ who }) => s[who] === at.away);
}

const landmarks: Record<string, (s: State) => boolean> = {
  'all four changes took effect': (s) => changes.every((one) => s[effect[one]] === 1),
  'a later number was committed while an earlier one was under way': (s) =>
    s.p1 === tx.running && s.q1 === tx.committed && s.q1No > s.p1No,
  'an event waits behind a parked one': (s) => s.p1Parked === 1 && s.p2Parked === 1,
  'one payment is parked and the other one flows': (s) => s.p1Parked === 1 && s.q2Effect === 1,
};
