import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report, reportJson } from './report.ts';
import { mistakes, smallMachines } from './suite.ts';
import { judge } from './verdict.ts';

const explored = smallMachines.map((run) => run());
const found = mistakes.map(({ name, run }) => ({ name, explored: run() }));

for (const { model, states, breach, stuck, notReached, restStates } of explored) {
  test(`${model}: whatever goes wrong, nothing breaks, and rest can be reached from everywhere`, () => {
    assert.equal(breach, undefined);
    assert.deepEqual(stuck, { states: 0, trace: [] });
    assert.deepEqual(notReached, []);
    assert.ok(states > 1_000 && restStates > 0 && restStates < states);
  });
}

test('together they take every legal edge of the table of moves', () => {
  assert.deepEqual(judge(explored, found, 0).edgesNotTaken, []);
});

/** What breaks, by the table of the reference. */
const breaks: Record<string, RegExp> = {
  'no provider key': /I1: two authorizations/,
  'timeout = failed': /I9: failed here, and the money is held there/,
  '"not found" = failed': /I9: failed here, and the money is held there/,
  'call before writing the intent': /I6: .* nothing is on record/,
  'reconciler reads, then writes without compare-and-set': /illegal move: 'authorize' from capture_pending/,
  'webhook writes blindly': /illegal move: 'authorize' from capture_pending/,
  'check for capture/void without claim': /illegal move: 'begin_capture' from voided/,
  'posting in a second transaction': /I5: captured without a posting/,
  'resend after the provider forgot the key': /I1: two authorizations/,
  'cascade on timeout': /I1: two providers hold money/,
  'cancel without tombstone': /I1: two providers hold money/,
  'a "not found" outlives a later send': /I9: not authorized here, and the money is held there/,
  'refund: check then act': /I2: 12 of 10 were given back/,
  'refund: reservation released on timeout': /I2: 12 of 10 were given back/,
  'publish after commit, no outbox': /I10: an event was lost/,
  'ack before effect': /I10: an event was lost/,
  'no dedupe': /I10: an effect took place twice/,
  'dedupe row in another transaction than the effect': /I10: an effect took place twice/,
  'poll by sequence cursor': /I10: an event was lost/,
};

for (const { name, explored: one } of found) {
  test(`the wrong variant is found: ${name}`, () => {
    assert.match(one.breach?.what ?? 'not found', breaks[name] ?? /^$/);
    assert.ok((one.breach?.trace.length ?? 0) >= 2);
  });
}

test('all wrong variants of the reference are there', () => {
  assert.deepEqual(found.map(({ name }) => name).sort(), Object.keys(breaks).sort());
});

test('a verdict names what is not as it must be, and is quiet otherwise', () => {
  assert.deepEqual(judge(explored, found, 0).faults, []);
  const [first, ...rest] = explored;
  assert.ok(first);
  const blind = judge(rest, [{ name: 'a mistake that nobody found', explored: first }], 10_000_000).faults;
  assert.ok(blind.includes("the wrong variant 'a mistake that nobody found' was not found"));
  assert.match(blind.at(-1) ?? '', /^only \d+ states were explored$/);
  const stuck = judge([{ ...first, stuck: { states: 3, trace: ['it waits'] }, notReached: ['B pays'] }], [], 0).faults;
  assert.ok(stuck.includes('one payment: no rest from 3 states: it waits'));
  assert.ok(stuck.includes('one payment: never reached: B pays'));
  assert.ok(stuck.includes("the legal edge 'captured refund_all refunded' was never taken"));
});

test('the report tells states and traces in words, and as JSON', () => {
  const verdict = judge(explored, found, 0);
  const text = report(verdict);
  assert.match(text, /^one payment +[\d,]+ +[\d,]+ +\d/m);
  assert.match(
    text,
    /1\. no provider key\n {3}I1: two authorizations \(4 steps, \d+ states\)\n {3}try 1 claims > try 1 sends/,
  );
  assert.match(text, /All is as it must be\./);
  const json = JSON.parse(reportJson(verdict)) as { states: number; mistakes: { breach: { trace: string[] } }[] };
  assert.equal(json.states, verdict.states);
  assert.ok(json.mistakes.every(({ breach }) => breach.trace.length > 0));
});
