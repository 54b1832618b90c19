import type { Go } from '../model.ts';
import {
  at,
  before,
  type ChangeName,
  changes,
  effect,
  no,
  numberedAs,
  parked,
  type State,
  tx,
  type Worker,
  type Wrong,
  workers,
} from './state.ts';

/** What the two workers may do that run the consumer; and each may be killed wherever it stands. */
export function consumerSteps(s: State, go: Go<State>, wrong: Wrong): void {
  for (const worker of workers) {
    const { who, name } = worker;
    if (s[who] === at.away) {
      takes(s, go, worker, wrong);
      continue;
    }
    go(`${name} is killed`, away(s, worker));
    if (s[who] === at.took) actsOn(s, go, worker, wrong);
    if (s[who] === at.retrying) triesAgain(s, go, worker);
    if (s[who] === at.acked)
      go(`${name} acts`, withEffects(away(s, worker), unread(s, s[worker.to] - 1, s[worker.to])));
    if (s[who] === at.acted) go(`${name} moves the cursor`, { ...away(s, worker), cursor: s[worker.to] });
  }
}

function away(s: State, { who, from, to }: Worker): State {
  return { ...s, [who]: at.away, [from]: 0, [to]: 0 };
}

/** Whoever has the cursor's row acts for the consumer: it reads on from there, or tries again what is parked. */
function takes(s: State, go: Go<State>, { who, from, to, name }: Worker, wrong: Wrong) {
  const held = workers.some((one) => s[one.who] !== at.away);
  if (held && wrong !== 'no dedupe') return;
  for (let last = s.cursor + 1; last <= settled(s, wrong); last++) {
    const event = numberedAs(s, last);
    if (!event || s[event] !== tx.committed) continue;
    go(`${name} reads up to ${event}`, { ...s, [who]: at.took, [from]: s.cursor, [to]: last });
  }
  for (const event of changes) {
    if (isInFront(s, event)) go(`${name} takes ${event} again`, { ...s, [who]: at.retrying, [to]: s[no[event]] });
  }
}

/** How far the log is complete: nothing is read from the oldest transaction under way onwards. */
function settled(s: State, wrong: Wrong): number {
  const numbers = changes.filter((one) => s[one] === tx.committed).map((one) => s[no[one]]);
  const last = Math.max(0, ...numbers);
  if (wrong === 'poll by sequence cursor') return last;
  const running = changes.filter((one) => s[one] === tx.running).map((one) => s[no[one]]);
  return Math.min(last, ...running.map((number) => number - 1));
}

function isInFront(s: State, event: ChangeName): boolean {
  const first = before[event];
  return s[parked[event]] === 1 && !(first && s[parked[first]] === 1);
}

/** The committed events after `from`, up to `to`, in their order. */
function unread(s: State, from: number, to: number): ChangeName[] {
  const numbers = Array.from({ length: Math.max(to - from, 0) }, (_, n) => from + n + 1);
  return numbers.flatMap((number) => numberedAs(s, number) ?? []).filter((event) => s[event] === tx.committed);
}

function withEffects(s: State, events: readonly ChangeName[]): State {
  const to = { ...s };
  for (const event of events) to[effect[event]] = Math.min(s[effect[event]] + 1, 2);
  return to;
}

/**
 * Effect and cursor are one transaction. What fails standing alone is parked, and its payment's later events with it.
 */
function actsOn(s: State, go: Go<State>, worker: Worker, wrong: Wrong) {
  const { who, to, name } = worker;
  const events = unread(s, s[worker.from], s[to]);
  const free = events.filter((event) => !isBehind(s, event));
  const moved = { ...withBehind(away(s, worker), events), cursor: s[to] };
  if (wrong === 'ack before effect') {
    // One event at a time here: the variant's mistake is the order, not the size of a batch.
    if (events.length === 1) go(`${name} moves the cursor first`, { ...s, cursor: s[to], [who]: at.acked });
    return;
  }
  if (wrong === 'dedupe row in another transaction than the effect') {
    return go(`${name} acts`, { ...withEffects(s, free), [who]: at.acted });
  }
  go(`${name} commits the effect and the cursor`, withEffects(moved, free));
  const [alone] = events;
  if (events.length === 1 && alone && free.length === 1) {
    go(`the effect of ${alone} fails, and it is parked`, { ...moved, [parked[alone]]: 1 });
  }
}

function isBehind(s: State, event: ChangeName): boolean {
  const first = before[event];
  return first !== undefined && s[parked[first]] === 1;
}

function withBehind(s: State, events: readonly ChangeName[]): State {
  const to = { ...s };
  for (const event of events) if (isBehind(s, event)) to[parked[event]] = 1;
  return to;
}

/** What was parked is taken out in the transaction of its effect. */
function triesAgain(s: State, go: Go<State>, worker: Worker) {
  const event = numberedAs(s, s[worker.to]);
  if (!event || s[parked[event]] === 0) return;
  const out = { ...away(s, worker), [parked[event]]: 0 };
  go(`${worker.name} commits the effect of ${event} and takes it out`, withEffects(out, [event]));
}
