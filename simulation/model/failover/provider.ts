import type { Go } from '../model.ts';
import { op, pay, said } from '../words.ts';
import { record } from './record.ts';
import { answerTo, named, type Op, ops, type Setting, type State, underWay } from './state.ts';

/** What the two providers, the network and time may do. */
export function providerSteps(s: State, go: Go<State>, setting: Setting): void {
  for (const of of ops) {
    if (s[underWay[of]] === 1) {
      go(`the request for ${named[of]} is lost`, { ...s, [underWay[of]]: 0 });
      arrives(s, go, of, setting);
    }
    if (of !== 'x') calls(s, go, of);
  }
  if (s.a === op.open && s.aLate === 0) go('the shopper waits no longer for A', { ...s, aLate: 1 });
  if (s.b === op.open && s.bLate === 0) go('the shopper waits no longer for B', { ...s, bLate: 1 });
  if (s.queued === 1) leavesQueue(s, go);
}

/** Same key, same answer: only the first copy does anything. */
function arrives(s: State, go: Go<State>, of: Op, setting: Setting) {
  if (s[answerTo[of]] !== said.nothing) return;
  if (of === 'x') return cancels(s, go, setting);
  const blocked = of === 'a' && s.blocked === 1;
  const held = of === 'a' ? 'aHeld' : 'bHeld';
  const name = of === 'a' ? 'A' : 'B';
  if (!blocked) go(`${name} authorizes`, { ...s, [held]: s[held] + 1, [answerTo[of]]: said.yes });
  go(blocked ? 'A does nothing: the key is blocked' : `${name} declines`, { ...s, [answerTo[of]]: said.no });
}

/** A tombstone says yes where nothing is in effect nor ever will be. Without one, a yes says less. */
function cancels(s: State, go: Go<State>, { tombstone }: Setting) {
  if (s.aSaid === said.yes) go('A cancels too late', { ...s, xSaid: said.no });
  else if (tombstone) go('A lays a tombstone', { ...s, xSaid: said.yes, blocked: 1 });
  else go('A has nothing to cancel, and says so', { ...s, xSaid: said.yes });
}

function calls(s: State, go: Go<State>, of: Op) {
  const answer = s[answerTo[of]];
  if (answer === said.nothing) return;
  for (const word of answer === said.yes ? (['yes'] as const) : (['no', 'no, elsewhere'] as const)) {
    for (const { to, path } of record(s, of, word)) go(`a webhook says "${word}" of ${named[of]}`, to, path);
  }
}

/** A payment that nobody takes is tried at the next provider, or ends unpaid when it has waited long enough. */
function leavesQueue(s: State, go: Go<State>) {
  if (s.b === op.none) go('B takes charges again', { ...s, queued: 0, b: op.open }, ['operation_opened']);
  go('the payment has waited long enough', { ...s, queued: 0, state: pay.failed }, ['abandon']);
}
