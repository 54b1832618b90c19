import type { Go } from '../model.ts';
import { op, pay, said } from '../words.ts';
import { record, type Word } from './record.ts';
import {
  answerTo,
  at,
  away,
  type Carrier,
  carried,
  carriers,
  named,
  type Op,
  ops,
  type Setting,
  type State,
  underWay,
  type Wrong,
} from './state.ts';

/** What the try and the workers may do next; and each may be killed wherever it stands. */
export function carrierSteps(s: State, go: Go<State>, setting: Setting): void {
  for (const carrier of carriers) {
    const { who, name } = carrier;
    if (s[who] === at.told_paid || s[who] === at.told_failed) continue;
    if (s[who] !== at.away) {
      go(`${name} is killed`, away(s, carrier));
      carries(s, go, carrier, setting);
    } else if (who === 'try') comes(s, go, carrier);
    else asks(s, go, carrier);
  }
}

function comes(s: State, go: Go<State>, carrier: Carrier) {
  const path = ['collect', 'tokenize', 'approve', 'operation_opened'] as const;
  if (s.state === pay.initiated)
    go('the try claims', { ...s, state: pay.risk_checked, a: op.open, try: at.opened }, path);
  else told(s, go, carrier);
}

/** Whoever has nothing left to carry is answered from what is stored. */
function told(s: State, go: Go<State>, carrier: Carrier) {
  if (carrier.who !== 'try') return;
  if (s.state === pay.authorized) go('the try is told "paid"', { ...away(s, carrier), try: at.told_paid });
  if (s.state === pay.failed) go('the try is told "failed"', { ...away(s, carrier), try: at.told_failed });
}

/** The sweep picks what is unclosed. A cancel has no state to ask about: it is sent again, under its key. */
function asks(s: State, go: Go<State>, { who, on, name }: Carrier) {
  for (const [n, of] of ops.entries()) {
    if (s[of] !== op.open) continue;
    if (of === 'x') {
      go(`${name} writes that it sends ${named.x} again`, { ...s, [who]: at.opened, [on]: n }, ['operation_resent']);
      continue;
    }
    go(`${name} asks about ${named[of]}`, { ...s, [who]: at.asked, [on]: n });
    if (isQuiet(s, of)) go(`${name} asks about ${named[of]}, late enough`, { ...s, [who]: at.asked_late, [on]: n });
  }
}

/** Nothing of it can be under way any more, nor leave any more. */
function isQuiet(s: State, of: Op): boolean {
  return s[underWay[of]] === 0 && !carriers.some((one) => s[one.who] === at.opened && carried(s, one) === of);
}

function carries(s: State, go: Go<State>, carrier: Carrier, setting: Setting) {
  const { who, name } = carrier;
  const of = carried(s, carrier);
  switch (s[who]) {
    case at.opened:
      go(`${name} sends ${named[of]}`, { ...s, [underWay[of]]: 1, [who]: at.waiting });
      return isFirstSend(s, carrier, of) ? concludes(s, go, carrier, 'not taken') : undefined;
    case at.waiting:
      hears(s, go, carrier, of);
      return go(`${name} waits no longer`, { ...s, [who]: at.heard_nothing });
    case at.asked:
    case at.asked_late:
      return isAnswered(s, go, carrier, of);
    case at.not_found:
      return repairs(s, go, carrier, setting);
    case at.not_found_late:
      // Where it can be blocked nothing is given up unblocked.
      if (of === 'a' && setting.tombstone) return repairs(s, go, carrier, setting);
      return concludes(s, go, carrier, 'absent');
    case at.heard_nothing:
      return gaveUp(s, go, carrier, setting);
    case at.heard_yes:
      return concludes(s, go, carrier, 'yes');
    default:
      concludes(s, go, carrier, 'no');
      return of === 'a' ? concludes(s, go, carrier, 'no, elsewhere') : undefined;
  }
}

/** Only the first send knows of no other: what was not taken did nothing. */
function isFirstSend(s: State, { who }: Carrier, of: Op): boolean {
  return who === 'try' && ((of === 'a' && s.aResent === 0) || (of === 'b' && s.bResent === 0));
}

function hears(s: State, go: Go<State>, { who, name }: Carrier, of: Op) {
  if (s[answerTo[of]] === said.yes) go(`${name} hears yes`, { ...s, [who]: at.heard_yes });
  if (s[answerTo[of]] === said.no) go(`${name} hears no`, { ...s, [who]: at.heard_no });
}

function isAnswered(s: State, go: Go<State>, carrier: Carrier, of: Op) {
  const { who, name } = carrier;
  hears(s, go, carrier, of);
  if (s[answerTo[of]] !== said.nothing) return;
  const late = s[who] === at.asked_late;
  go(`${name} hears "not found"`, { ...s, [who]: late ? at.not_found_late : at.not_found });
}

/**
 * While the shopper waits it is sent again; after that it is blocked, where the provider can, and only then given up.
 */
function repairs(s: State, go: Go<State>, carrier: Carrier, { tombstone, wrong }: Setting) {
  const { who, on, name } = carrier;
  const of = carried(s, carrier);
  if (s[of] !== op.open) return go(`${name} finds it answered`, away(s, carrier));
  const late = of === 'a' ? s.aLate : s.bLate;
  const resent = of === 'a' ? 'aResent' : 'bResent';
  if (late === 0) {
    const to = overtaken({ ...s, [who]: at.opened, [resent]: 1 }, of, wrong);
    go(`${name} writes that it sends again`, to, ['operation_resent']);
  } else if (of === 'a' && s.x === op.none && (tombstone || wrong === 'cancel without tombstone')) {
    const x = ops.indexOf('x');
    go(`${name} writes that it cancels at A`, { ...s, x: op.open, [who]: at.opened, [on]: x }, ['operation_opened']);
  }
}

/** Whoever asked before this send has asked too early: its "not found" is no longer final. */
function overtaken(s: State, of: Op, wrong: Wrong): State {
  if (wrong === 'a "not found" outlives a later send') return s;
  const to = { ...s };
  for (const one of carriers) {
    if (carried(s, one) !== of) continue;
    if (s[one.who] === at.asked_late) to[one.who] = at.asked;
    if (s[one.who] === at.not_found_late) to[one.who] = at.not_found;
  }
  return to;
}

/** Silence is not a no: the operation stays unclosed, and no other provider is asked. */
function gaveUp(s: State, go: Go<State>, carrier: Carrier, { wrong }: Setting) {
  const of = carried(s, carrier);
  if (wrong === 'cascade on timeout' && of === 'a' && s.a === op.open) return concludes(s, go, carrier, 'not taken');
  if (s[of] !== op.open) return go(`${carrier.name} finds it answered`, away(s, carrier));
  go(`${carrier.name} records the silence`, away(s, carrier), ['operation_unanswered']);
}

/** Records, and goes on with what that opened in the same commit. */
function concludes(s: State, go: Go<State>, carrier: Carrier, word: Word) {
  const { who, on, name } = carrier;
  const of = carried(s, carrier);
  if (s[of] !== op.open) return go(`${name} finds it known`, away(s, carrier));
  for (const { to, path, opened } of record(s, of, word)) {
    const after = opened ? { ...to, [who]: at.opened, [on]: ops.indexOf(opened) } : away(to, carrier);
    const then = opened ? ' and goes on to B' : to.queued > s.queued ? ' and nobody else takes it' : '';
    go(`${name} records "${word}"${then}`, after, path);
  }
}
