import type { Go } from '../model.ts';
import { op, pay, said } from '../words.ts';
import { opened, record, type Wrong } from './record.ts';
import { age, answerTo, at, type State, unclosed, underWay } from './state.ts';

/** Who carries an operation to its answer: two tries of one shopper with one key, and the merchant's two verbs. */
const carriers = [
  { who: 'try1', name: 'try 1', kind: 'authorize' },
  { who: 'try2', name: 'try 2', kind: 'authorize' },
  { who: 'merchantCaptures', name: 'the capture', kind: 'capture' },
  { who: 'merchantVoids', name: 'the void', kind: 'void' },
] as const;

/** What each of them may do next; and everybody may be killed wherever they stand. */
export function clientSteps(s: State, go: Go<State>, wrong: Wrong) {
  for (const carrier of carriers) {
    const { who, name, kind } = carrier;
    const here = s[who];
    if (here === at.told_paid || here === at.told_failed) continue;
    if (here === at.away) {
      if (kind === 'authorize') comes(s, go, carrier, wrong);
      else begins(s, go, carrier, wrong);
      continue;
    }
    go(`${name} is killed`, { ...s, [who]: at.away });
    carries(s, go, carrier, wrong);
  }
}

type Carrier = (typeof carriers)[number];

const confirmed = ['collect', 'tokenize', 'approve', 'operation_opened'] as const;

/** A try claims the payment in the commit of its operation; who comes second is answered from what is stored. */
function comes(s: State, go: Go<State>, { who, name }: Carrier, wrong: Wrong) {
  if (s.state !== pay.initiated) return answered(s, go, who, name);
  if (wrong === 'call before writing the intent') {
    return go(`${name} sends before anything is written`, { ...s, [who]: at.early, authorizeUnderWay: 1 });
  }
  go(`${name} claims`, claimed(s, who), confirmed);
}

function claimed(s: State, who: Carrier['who']): State {
  return { ...opened(s, 'authorize'), state: pay.risk_checked, [who]: at.opened };
}

function answered(s: State, go: Go<State>, who: Carrier['who'], name: string) {
  if (s.state === pay.failed) go(`${name} is told "failed"`, { ...s, [who]: at.told_failed });
  else if (s.state === pay.authorized || s.state === pay.capture_pending || s.state === pay.captured) {
    go(`${name} is told "paid"`, { ...s, [who]: at.told_paid });
  }
}

function begins(s: State, go: Go<State>, carrier: Carrier, wrong: Wrong) {
  const { who, name, kind } = carrier;
  const may = s.state === pay.authorized || (kind === 'void' && s.state === pay.capture_pending);
  if (!may || unclosed(s)) return;
  if (wrong === 'check for capture/void without claim') go(`${name} looks`, { ...s, [who]: at.looked });
  else opens(s, go, carrier);
}

/** Compare-and-swap: the move and its operation are one commit, made on what was true when it was decided. */
function opens(s: State, go: Go<State>, { who, name, kind }: Carrier) {
  const to = { ...opened(s, kind), [who]: at.opened };
  if (kind === 'capture') go(`${name} claims`, { ...to, state: pay.capture_pending }, ['begin_capture']);
  else go(`${name} claims`, to, ['operation_opened']);
}

/** From the commit to the answer: send, wait, hear, record. */
function carries(s: State, go: Go<State>, carrier: Carrier, wrong: Wrong) {
  const { who, name, kind } = carrier;
  switch (s[who]) {
    case at.looked:
      return opens(s, go, carrier);
    case at.early:
      if (s.state === pay.initiated) go(`${name} writes it down`, { ...claimed(s, who), [who]: at.waiting }, confirmed);
      else go(`${name} finds it written down`, { ...s, [who]: at.waiting });
      return;
    case at.opened:
      if (s.age === age.young) go(`${name} sends`, { ...s, [underWay[kind]]: 1, [who]: at.waiting });
      else go(`${name} may not send any more`, { ...s, [who]: at.heard_nothing });
      return;
    case at.waiting:
      hears(s, go, carrier);
      return;
    case at.heard_nothing:
      return gaveUp(s, go, carrier, wrong);
    default:
      recordsAnswer(s, go, carrier, wrong);
  }
}

function hears(s: State, go: Go<State>, { who, name, kind }: Carrier) {
  const answer = s[answerTo[kind]];
  if (answer === said.yes) go(`${name} hears yes`, { ...s, [who]: at.heard_yes });
  if (answer === said.no) go(`${name} hears no`, { ...s, [who]: at.heard_no });
  go(`${name} waits no longer`, { ...s, [who]: at.heard_nothing });
}

/**
 * A timeout says nothing about the money: the operation stays unclosed, the shopper reads "we are still confirming".
 */
function gaveUp(s: State, go: Go<State>, { who, name, kind }: Carrier, wrong: Wrong) {
  const recorded = wrong === 'timeout = failed' ? record(s, kind, 'no', wrong) : undefined;
  if (recorded) return go(`${name} takes the silence for a no`, { ...recorded.to, [who]: at.away }, recorded.path);
  if (s[kind] !== op.open) return go(`${name} finds it answered`, { ...s, [who]: at.away });
  go(`${name} records the silence`, { ...s, [who]: at.away }, ['operation_unanswered']);
}

function recordsAnswer(s: State, go: Go<State>, { who, name, kind }: Carrier, wrong: Wrong) {
  const word = s[who] === at.heard_yes ? 'yes' : 'no';
  const recorded = record(s, kind, word, wrong);
  if (recorded) go(`${name} records ${word}`, { ...recorded.to, [who]: at.away }, recorded.path);
  else go(`${name} finds it known`, { ...s, [who]: at.away });
}
