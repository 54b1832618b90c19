import assert from 'node:assert/strict';
import { test } from 'node:test';
import { legalSteps, states } from '#server/payments/core/machine.ts';
import { accepts } from './accepts.ts';
import type { Happening, Stage, Step } from './life/happening.ts';
import { beginning, happenings } from './life/model.ts';
import type { Slot, State } from './life/slots.ts';
import type { Observed, Trace, TracedStep } from './trace.ts';

// Random walks through the model, told as a simulation would tell them: as the log and the books show them.

const slots: Slot[] = [
  { kind: 'authorize', provider: 'alder', amount: 900 },
  { kind: 'authorize', provider: 'birch', amount: 900 },
  { kind: 'cancel', provider: 'alder', amount: 900, against: 0 },
  { kind: 'capture', provider: 'alder', amount: 900 },
  { kind: 'void', provider: 'alder', amount: 900 },
  { kind: 'void', provider: 'alder', amount: 900 },
  { kind: 'refund', provider: 'alder', amount: 400 },
  { kind: 'refund', provider: 'alder', amount: 500 },
];
const stage: Stage = { slots, promisesBroken: false, bounded: false };
const legal = legalSteps();

/** Numbers from 0 to below `most`, always the same for a seed. */
function diceOf(seed: number): (most: number) => number {
  let x = seed * 2_654_435_761 + 1;
  return (most) => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((x / 2 ** 32) * most);
  };
}

function walk(seed: number): Trace {
  const dice = diceOf(seed);
  const events: Observed[] = [];
  let state = beginning(slots);
  for (let n = 0; n < 60; n++) {
    const may = happenings(state, stage).filter(({ commit }) => !commit || !isNoise(commit) || dice(8) === 0);
    const next = may[dice(may.length)];
    if (!next) break;
    events.push(...seen(state, next));
    state = next.to;
  }
  const operations = slots.map((slot, n) => {
    const { kind, provider, amount, against } = slot;
    return { id: `op-${n}`, kind, provider, amount, ...(against !== undefined && { against: `op-${against}` }) };
  });
  return { operations, events };
}

const ends = ['expire', 'cancel', 'reject', 'abandon', 'decline', 'operation_unanswered', 'operation_resent', 'queued'];

/** What would end a walk before it has begun, or lead nowhere. */
function isNoise(steps: readonly Step[]): boolean {
  return steps.some(({ trigger }) => ends.includes(trigger));
}

function seen(before: State, { commit, acted }: Happening): Observed[] {
  if (acted) return acted.moved ? [{ what: 'acted', operation: `op-${acted.op}` }] : [];
  if (!commit) return [];
  let from = states[before.state];
  const steps = commit.map(({ trigger, op }): TracedStep => {
    const step = legal.find((one) => one.from === from && one.trigger === trigger);
    assert.ok(step, `${from} ${trigger}`);
    from = step.to;
    return { ...step, ...(op !== undefined && { operation: `op-${op}` }) };
  });
  return [{ what: 'committed', steps }];
}

const walks = Array.from({ length: 400 }, (_, seed) => walk(seed));

test('whatever the model does, it accepts', () => {
  for (const trace of walks) {
    const verdict = accepts(trace);
    assert.ok(verdict.accepted, JSON.stringify(verdict));
  }
  const triggers = walks.flatMap(({ events }) => events.flatMap((one) => (one.what === 'committed' ? one.steps : [])));
  assert.ok(new Set(triggers.map(({ trigger }) => trigger)).size >= 20, 'the walks go everywhere');
});

const without = ({ operations, events }: Trace, n: number): Trace => ({ operations, events: events.toSpliced(n, 1) });

const yes = ['authorize', 'capture', 'void', 'refund_all', 'partial_refund'];

function isRecorded({ events }: Trace, operation: string): boolean {
  return events.some(
    (one) =>
      one.what === 'committed' && one.steps.some((step) => step.operation === operation && yes.includes(step.trigger)),
  );
}

test('a walk in which money moved here and not there is refused, each time', () => {
  let tried = 0;
  for (const trace of walks) {
    for (const [n, event] of trace.events.entries()) {
      if (event.what !== 'acted' || !isRecorded(trace, event.operation)) continue;
      tried++;
      assert.equal(accepts(without(trace, n)).accepted, false);
    }
  }
  assert.ok(tried > 100, `${tried} tried`);
});

test('a walk in which money moved twice under one key is refused, at the second time', () => {
  let tried = 0;
  for (const { operations, events } of walks) {
    const n = events.findIndex(({ what }) => what === 'acted');
    const event = events[n];
    if (!event) continue;
    tried++;
    const verdict = accepts({ operations, events: events.toSpliced(n, 0, event) });
    assert.ok(!verdict.accepted);
    assert.equal(verdict.at, n + 1);
  }
  assert.ok(tried > 100, `${tried} tried`);
});

test('a walk whose first commit of an operation is missing is refused', () => {
  let tried = 0;
  for (const trace of walks) {
    for (const [n, event] of trace.events.entries()) {
      if (event.what !== 'acted') continue;
      const opened = trace.events.findIndex(
        (one) => one.what === 'committed' && one.steps.some(({ operation }) => operation === event.operation),
      );
      tried++;
      assert.ok(opened < n);
      assert.equal(accepts(without(trace, opened)).accepted, false);
    }
  }
  assert.ok(tried > 100, `${tried} tried`);
});
