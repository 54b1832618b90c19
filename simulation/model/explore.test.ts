import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from './explore.ts';
import type { Model } from './model.ts';
import { Store } from './store.ts';
import { pay } from './words.ts';

type Steps = { state: number; n: number };

/** Counts to `to`, and rests there. */
function counter(to: number, over: Partial<Model<Steps>> = {}): Model<Steps> {
  return {
    name: 'a counter',
    fields: { state: 11, n: 100_000 },
    start: { state: pay.initiated, n: 0 },
    steps: (s, go) => {
      if (s.n < to) go('it counts', { ...s, n: s.n + 1 });
    },
    broken: () => undefined,
    atRest: ({ n }) => n === to,
    brokenAtRest: () => undefined,
    landmarks: {},
    ...over,
  };
}

test('every state is found once, also when the store has grown many times', () => {
  const { states, transitions, restStates, stuck } = explore(counter(50_000));
  assert.deepEqual({ states, transitions, restStates }, { states: 50_001, transitions: 50_000, restStates: 1 });
  assert.equal(stuck.states, 0);
});

test('a state comes back from the store as it went in, in fields of every width', () => {
  const fields = { a: 1, b: 2, c: 3, d: 1 << 20, e: 1 << 30, f: 5, g: 1 << 12 };
  const store = new Store(fields);
  const state = { a: 0, b: 1, c: 2, d: (1 << 20) - 1, e: (1 << 30) - 1, f: 4, g: 77 };
  assert.equal(store.add(state), 0);
  assert.equal(store.add({ ...state, f: 3 }), 1);
  assert.equal(store.add(state), 0);
  assert.deepEqual(store.get(0), state);
  assert.throws(() => store.add({ ...state, f: 5 }), /f is 5, and has 5 values/);
});

test('the first breach is told by a shortest way', () => {
  const both = (s: Steps, go: (words: string, to: Steps) => void) => {
    go('one step', { ...s, n: s.n + 1 });
    go('two steps', { ...s, n: s.n + 2 });
  };
  const { breach } = explore(counter(9, { steps: both, broken: ({ n }) => (n >= 4 ? 'it went too far' : undefined) }));
  assert.deepEqual(breach, { what: 'it went too far', trace: ['two steps', 'two steps'] });
});

test('what leads away from rest for ever is counted, and its way is told', () => {
  const trap = (s: Steps, go: (words: string, to: Steps) => void) => {
    if (s.n === 50) return go('it goes round', { ...s, n: 51 });
    if (s.n === 51) return go('it goes back', { ...s, n: 50 });
    if (s.n < 3) go('it counts', { ...s, n: s.n + 1 });
    if (s.n === 1) go('it falls into the trap', { ...s, n: 50 });
  };
  const { stuck } = explore(counter(3, { steps: trap }));
  assert.deepEqual(stuck, { states: 2, trace: ['it counts', 'it falls into the trap'] });
});

test('a landmark that is never reached is named', () => {
  const landmarks = { 'it reaches three': (s: Steps) => s.n === 3, 'it reaches ten': (s: Steps) => s.n === 10 };
  assert.deepEqual(explore(counter(3, { landmarks })).notReached, ['it reaches ten']);
});

test('a move that the table does not have is a breach, and so is one that ends elsewhere', () => {
  const moving = (to: keyof typeof pay, path: ('collect' | 'void')[]) =>
    counter(0, { payment: 'state', steps: (s, go) => go('it moves', { ...s, state: pay[to] }, path) });
  assert.match(explore(moving('voided', ['void'])).breach?.what ?? '', /illegal move: 'void' from initiated/);
  assert.match(explore(moving('captured', ['collect'])).breach?.what ?? '', /illegal move: from initiated to captured/);
  assert.match(explore(moving('captured', [])).breach?.what ?? '', /illegal move/);
});
