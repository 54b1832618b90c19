import type { Go } from '../model.ts';
import { op, pay, said } from '../words.ts';
import { isQuiet } from './provider.ts';
import { record, type Word, type Wrong } from './record.ts';
import { age, answerTo, type Kind, kinds, type State, sweep, unclosed, underWay } from './state.ts';

/** What the sweep may do: ask about what is unclosed, send again what is young, record what it hears. And be killed. */
export function sweepSteps(s: State, go: Go<State>, wrong: Wrong) {
  if (s.sweep === sweep.idle) return asks(s, go);
  go('the sweep is killed', idle(s));
  const kind = kinds[s.about] ?? 'authorize';
  switch (s.sweep) {
    case sweep.asked:
    case sweep.asked_late:
      return isAnswered(s, go, kind);
    case sweep.not_found:
      return repairs(s, go, kind, wrong);
    case sweep.opened:
      return sends(s, go, kind, wrong);
    case sweep.waiting:
      return waits(s, go, kind);
    case sweep.heard_nothing:
      if (s[kind] !== op.open) return go('the sweep finds it answered', idle(s));
      return go('the sweep records the silence', idle(s), ['operation_unanswered']);
    default:
      return records(s, go, kind, wrong);
  }
}

/** A sweep that stands nowhere asks about nothing. */
function idle(s: State): State {
  return { ...s, sweep: sweep.idle, about: 0 };
}

/** "Not found" is final only where nothing could be under way when it was *asked*. */
function asks(s: State, go: Go<State>) {
  const kind = unclosed(s);
  if (!kind) return;
  const about = kinds.indexOf(kind);
  go(`the sweep asks about the ${kind}`, { ...s, sweep: sweep.asked, about });
  if (isQuiet(s, kind)) {
    go(`the sweep asks about the ${kind}, late enough`, { ...s, sweep: sweep.asked_late, about });
  }
}

function isAnswered(s: State, go: Go<State>, kind: Kind) {
  const answer = s[answerTo[kind]];
  if (answer === said.yes) go('the sweep hears yes', { ...s, sweep: sweep.heard_yes });
  else if (answer === said.no) go('the sweep hears no', { ...s, sweep: sweep.heard_no });
  else {
    const late = s.sweep === sweep.asked_late;
    go('the sweep hears "not found"', { ...s, sweep: late ? sweep.not_found_late : sweep.not_found });
  }
}

/** Most likely it never arrived: while the key is young the same request is sent again under it. */
function repairs(s: State, go: Go<State>, kind: Kind, wrong: Wrong) {
  if (s[kind] !== op.open) return go('the sweep finds it answered', idle(s));
  if (wrong === '"not found" = failed') return concludes(s, go, { kind, word: 'absent', wrong });
  const may = s.age === age.young || wrong === 'resend after the provider forgot the key';
  if (may) go('the sweep writes that it sends again', { ...s, sweep: sweep.opened }, ['operation_resent']);
}

function sends(s: State, go: Go<State>, kind: Kind, wrong: Wrong) {
  const may = s.age === age.young || wrong === 'resend after the provider forgot the key';
  if (may) go(`the sweep sends the ${kind} again`, { ...s, [underWay[kind]]: 1, sweep: sweep.waiting });
  else go('the sweep may not send any more', { ...s, sweep: sweep.heard_nothing });
}

function waits(s: State, go: Go<State>, kind: Kind) {
  const answer = s[answerTo[kind]];
  if (answer === said.yes) go('the sweep hears yes', { ...s, sweep: sweep.heard_yes });
  if (answer === said.no) go('the sweep hears no', { ...s, sweep: sweep.heard_no });
  go('the sweep waits no longer', { ...s, sweep: sweep.heard_nothing });
}

const words: Record<number, Word> = {
  [sweep.heard_yes]: 'yes',
  [sweep.heard_no]: 'no',
  [sweep.not_found_late]: 'absent',
};

function records(s: State, go: Go<State>, kind: Kind, wrong: Wrong) {
  const word = words[s.sweep] ?? 'absent';
  if (wrong === 'reconciler reads, then writes without compare-and-set' && kind === 'authorize' && word === 'yes') {
    const path = s.state === pay.authorized ? undefined : (['authorize'] as const);
    return go('the sweep writes "authorized"', { ...idle(s), authorize: op.accepted, state: pay.authorized }, path);
  }
  concludes(s, go, { kind, word, wrong });
}

/** Compare-and-swap like everybody else: what has been answered in the meantime is known. */
function concludes(s: State, go: Go<State>, { kind, word, wrong }: { kind: Kind; word: Word; wrong: Wrong }) {
  const recorded = record(s, kind, word, wrong);
  if (recorded) go(`the sweep records ${word}`, idle(recorded.to), recorded.path);
  else go('the sweep finds it known', idle(s));
}
