import type { Go, Model } from '../model.ts';
import { op, said } from '../words.ts';
import { carrierSteps } from './carry.ts';
import { record } from './record.ts';
import {
  answerTo,
  at,
  captured,
  carriers,
  each,
  fields,
  named,
  refunds,
  type State,
  start,
  underWay,
  type Wrong,
} from './state.ts';

/** Three refunds of 4 side by side, of a capture of 10, at a provider that does not police the sum. */
export function refundsSideBySide(wrong?: Wrong): Model<State> {
  return {
    name: 'refunds side by side',
    fields,
    start,
    payment: 'state',
    steps(s, go) {
      carrierSteps(s, go, wrong);
      providerSteps(s, go);
    },
    broken: ({ gone }) => (gone > captured ? `I2: ${gone} of ${captured} were given back` : undefined),
    atRest: (s) =>
      carriers.every(({ who }) => s[who] === at.away) &&
      refunds.every((refund) => s[refund] !== op.open && s[underWay[refund]] === 0),
    // A wrong variant is held against the sum alone, so that its trace ends with too much money gone.
    brokenAtRest: wrong ? () => undefined : brokenAtRest,
    landmarks,
  };
}

function providerSteps(s: State, go: Go<State>) {
  for (const refund of refunds) {
    const [name, under, answer] = [named[refund], underWay[refund], s[answerTo[refund]]];
    if (s[under] === 1) {
      go(`the request for ${name} is lost`, { ...s, [under]: 0 });
      if (answer === said.nothing) {
        go(`the provider pays out ${name}`, { ...s, gone: Math.min(s.gone + each, 15), [answerTo[refund]]: said.yes });
        go(`the provider declines ${name}`, { ...s, [answerTo[refund]]: said.no });
      }
    }
    if (answer === said.nothing) continue;
    const recorded = record(s, refund, answer === said.yes ? 'yes' : 'no');
    if (recorded) go(`a webhook tells of ${name}`, recorded.to, recorded.path);
  }
}

function brokenAtRest(s: State): string | undefined {
  if (s.refunded !== s.gone) return 'I7: what was given back here is not what was given back there';
  return s.reserved === 0 ? undefined : 'I11: something stays reserved for ever';
}

const landmarks: Record<string, (s: State) => boolean> = {
  'two refunds are given back': (s) => s.refunded === 2 * each,
  'two are under way while the third one has to wait': (s) => s.reserved === 2 * each && s.r3 === op.none,
  'money has left and we do not know it yet': (s) => s.gone > 0 && s.refunded === 0,
  'the third refund takes the place of one that never arrived': (s) => s.r1 === op.absent && s.r3 === op.accepted,
};
