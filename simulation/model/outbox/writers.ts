import type { Go } from '../model.ts';
import { before, type ChangeName, changes, no, type State, tx, type Wrong, workers } from './state.ts';

/** What the writers of changes may do; and each may be killed before its commit, which undoes all of it. */
export function writerSteps(s: State, go: Go<State>, wrong: Wrong): void {
  for (const change of changes) {
    const first = before[change];
    if (s[change] === tx.none && (!first || isDone(s[first]))) {
      go(`${change} begins to write`, { ...s, [change]: tx.running, [no[change]]: nextNumber(s) });
    }
    if (s[change] === tx.running) commits(s, go, change, wrong);
    if (s[change] === tx.unpublished) {
      go(`${change} is published`, { ...s, [change]: tx.committed, [no[change]]: nextNumber(s) });
      go(`${change} is killed before it is published`, { ...s, [change]: tx.unheard });
    }
  }
}

function isDone(status: number): boolean {
  return status === tx.committed || status === tx.unpublished || status === tx.unheard;
}

function commits(s: State, go: Go<State>, change: ChangeName, wrong: Wrong) {
  const undone = withoutNumber(s, change);
  go(`${change} is killed`, { ...undone, [change]: tx.none });
  if (wrong === 'publish after commit, no outbox') go(`${change} commits`, { ...undone, [change]: tx.unpublished });
  else go(`${change} commits`, { ...s, [change]: tx.committed });
}

function nextNumber(s: State): number {
  return changes.filter((one) => s[no[one]] > 0).length + 1;
}

/** Numbers are only ever compared, so those behind one that is gone may move up. */
function withoutNumber(s: State, gone: ChangeName): State {
  const number = s[no[gone]];
  const to = { ...s, [no[gone]]: 0 };
  for (const one of changes) if (s[no[one]] > number) to[no[one]] = s[no[one]] - 1;
  if (s.cursor > number) to.cursor = s.cursor - 1;
  for (const { from, to: read } of workers) {
    if (s[from] > number) to[from] = s[from] - 1;
    if (s[read] > number) to[read] = s[read] - 1;
  }
  return to;
}
