import type { Go } from '../model.ts';
import { op, pay, said } from '../words.ts';
import { record, type Wrong } from './record.ts';
import { age, answerTo, at, effects, type Kind, kinds, type State, sweep, unclosed, underWay } from './state.ts';

/** What the provider and the network may do: work a request off, lose it, deliver it again; forget; call us. */
export function providerSteps(s: State, go: Go<State>, wrong: Wrong) {
  for (const kind of kinds) {
    if (s[underWay[kind]] === 1) requested(s, go, kind, wrong);
    if (s[answerTo[kind]] !== said.nothing) calls(s, go, kind, wrong);
  }
  ages(s, go);
}

const did = { authorize: 'authorizes', capture: 'captures', void: 'voids' } as const;

/** A copy of a request arrives, or is lost. Copies are alike: one more may always be under way still. */
function requested(s: State, go: Go<State>, kind: Kind, wrong: Wrong) {
  go(`the ${kind} request is lost`, { ...s, [underWay[kind]]: 0 });
  // Same key, same answer: a copy that comes later changes nothing.
  if (s[answerTo[kind]] !== said.nothing && remembers(s, kind, wrong)) return;
  if (!refuses(s, kind)) {
    const effect = Math.min(s[effects[kind]] + 1, 2);
    const again = effect > 1 ? ' once more' : '';
    go(`the provider ${did[kind]}${again}`, { ...s, [effects[kind]]: effect, [answerTo[kind]]: said.yes });
  }
  if (s[answerTo[kind]] === said.nothing) {
    go(`the provider declines the ${kind}`, { ...s, [answerTo[kind]]: said.no });
  }
}

function remembers(s: State, kind: Kind, wrong: Wrong): boolean {
  return wrong !== 'no provider key' && !(s.age === age.forgotten && s[kind] === op.open);
}

/** What no provider does: capture what it voided, or void what it captured. */
function refuses(s: State, kind: Kind): boolean {
  if (kind === 'capture') return s.voids > 0 || s.captures > 0;
  return kind === 'void' && (s.captures > 0 || s.voids > 0);
}

/** A webhook about what it has answered: any number of times, in any order, or never. */
function calls(s: State, go: Go<State>, kind: Kind, wrong: Wrong) {
  const word = s[answerTo[kind]] === said.yes ? 'yes' : 'no';
  if (wrong === 'webhook writes blindly' && kind === 'authorize' && word === 'yes') {
    if (s.state === pay.authorized) return;
    return go('a webhook writes "authorized"', { ...s, state: pay.authorized, authorize: op.accepted }, ['authorize']);
  }
  const recorded = record(s, kind, word, wrong);
  if (recorded) go(`a webhook says ${word} to the ${kind}`, recorded.to, recorded.path);
}

/**
 * Time passes for what is unclosed: its key is too old to be sent again, and at last forgotten. By then no request of
 * ours has been under way for hours, and nobody may send one.
 */
function ages(s: State, go: Go<State>) {
  const kind = unclosed(s);
  if (!kind || s.age === age.forgotten) return;
  if (s.age === age.young) return go('half the lifetime of the key passes', { ...s, age: age.old });
  if (isQuiet(s, kind)) go('the provider forgets its keys', { ...s, age: age.forgotten });
}

/** Nothing of it can be under way any more, nor leave any more. */
export function isQuiet(s: State, kind: Kind): boolean {
  if (s[underWay[kind]] === 1) return false;
  if (kinds[s.about] === kind && s.sweep === sweep.opened) return false;
  if (kind === 'capture') return s.merchantCaptures !== at.opened;
  if (kind === 'void') return s.merchantVoids !== at.opened;
  return s.try1 !== at.opened && s.try2 !== at.opened;
}
