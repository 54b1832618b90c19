import type { Go } from '../model.ts';
import { op, said } from '../words.ts';
import { fits, opened, record, type Word } from './record.ts';
import {
  answerTo,
  at,
  away,
  type Carrier,
  carriers,
  isQuiet,
  named,
  type Refund,
  refunds,
  resent,
  type State,
  underWay,
  type Wrong,
} from './state.ts';

/** What those who ask for refunds and the worker may do next; and each may be killed wherever it stands. */
export function carrierSteps(s: State, go: Go<State>, wrong: Wrong): void {
  for (const carrier of carriers) {
    if (s[carrier.who] !== at.away) {
      go(`${carrier.name} is killed`, away(s, carrier));
      carries(s, go, carrier, wrong);
    } else if (carrier.who === 'worker') asks(s, go);
    else begins(s, go, carrier, wrong);
  }
}

/** One that was refused, or never arrived, may be asked for anew, under a new key. */
function begins(s: State, go: Go<State>, carrier: Carrier, wrong: Wrong) {
  const refund = carrier.of(s);
  if (s[refund] === op.open || s[refund] === op.accepted || !fits(s)) return;
  if (wrong === 'refund: check then act') go(`${carrier.name} is looked at`, { ...s, [carrier.who]: at.looked });
  else opens(s, go, carrier, wrong);
}

function opens(s: State, go: Go<State>, { who, name, of }: Carrier, wrong: Wrong) {
  const to = { ...opened(s, of(s), wrong), [who]: at.opened };
  go(`${name} is reserved`, to, ['operation_opened']);
}

function asks(s: State, go: Go<State>) {
  for (const [workerOn, refund] of refunds.entries()) {
    if (s[refund] !== op.open) continue;
    go(`the worker asks about ${named[refund]}`, { ...s, worker: at.asked, workerOn });
    if (isQuiet(s, refund)) {
      go(`the worker asks about ${named[refund]}, late enough`, { ...s, worker: at.asked_late, workerOn });
    }
  }
}

function carries(s: State, go: Go<State>, carrier: Carrier, wrong: Wrong) {
  const { who, name } = carrier;
  const refund = carrier.of(s);
  switch (s[who]) {
    case at.looked:
      return opens(s, go, carrier, wrong);
    case at.opened:
      go(`${name} is sent`, { ...s, [underWay[refund]]: 1, [who]: at.waiting });
      return isFirstSend(s, carrier, refund) ? concludes(s, go, carrier, 'not taken') : undefined;
    case at.waiting:
      recordsAnswer(s, go, carrier);
      return gaveUp(s, go, carrier, wrong);
    case at.asked:
    case at.asked_late:
      recordsAnswer(s, go, carrier);
      return findsNothing(s, go, carrier);
    case at.not_found:
      return sendsAgain(s, go, carrier, refund);
    default:
      return concludes(s, go, carrier, 'absent');
  }
}

/** Only the first send knows of no other, and only while nobody has sent it again. */
function isFirstSend(s: State, { who }: Carrier, refund: Refund): boolean {
  return who !== 'worker' && s[resent[refund]] === 0;
}

function recordsAnswer(s: State, go: Go<State>, carrier: Carrier) {
  const answer = s[answerTo[carrier.of(s)]];
  if (answer !== said.nothing) concludes(s, go, carrier, answer === said.yes ? 'yes' : 'no');
}

function findsNothing(s: State, go: Go<State>, { who, name, of }: Carrier) {
  if (s[answerTo[of(s)]] !== said.nothing) return;
  const late = s[who] === at.asked_late;
  go(`${name} hears "not found"`, { ...s, [who]: late ? at.not_found_late : at.not_found });
}

function sendsAgain(s: State, go: Go<State>, carrier: Carrier, refund: Refund) {
  if (s[refund] !== op.open) go(`${carrier.name} finds it answered`, away(s, carrier));
  else {
    const to = { ...s, [carrier.who]: at.opened, [resent[refund]]: 1 };
    go(`${carrier.name} writes that it sends again`, to, ['operation_resent']);
  }
}

/** Silence is not a no: the operation stays unclosed, and its amount stays reserved. */
function gaveUp(s: State, go: Go<State>, carrier: Carrier, wrong: Wrong) {
  const refund = carrier.of(s);
  if (s[refund] !== op.open) return go(`${carrier.name} finds it answered`, away(s, carrier));
  if (wrong === 'refund: reservation released on timeout') {
    const released = record(s, refund, 'no');
    return released && go(`${carrier.name} is let go in silence`, away(released.to, carrier), released.path);
  }
  go(`${carrier.name} stays reserved in silence`, away(s, carrier), ['operation_unanswered']);
}

function concludes(s: State, go: Go<State>, carrier: Carrier, word: Word) {
  const recorded = record(s, carrier.of(s), word);
  if (recorded) go(`${carrier.name} is recorded: ${word}`, away(recorded.to, carrier), recorded.path);
  else go(`${carrier.name} is known already`, away(s, carrier));
}
