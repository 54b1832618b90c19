import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventTrigger, legalSteps, type PaymentState } from '#server/payments/core/machine.ts';
import { accepts, type Verdict } from './accepts.ts';
import type { Observed, Trace, TracedOperation, TracedStep } from './trace.ts';

const operations: TracedOperation[] = [
  { id: 'a', kind: 'authorize', provider: 'alder', amount: 1000 },
  { id: 'b', kind: 'authorize', provider: 'birch', amount: 1000 },
  { id: 'x', kind: 'cancel', provider: 'alder', amount: 1000, against: 'a' },
  { id: 'c', kind: 'capture', provider: 'alder', amount: 1000 },
  { id: 'v', kind: 'void', provider: 'alder', amount: 1000 },
  { id: 'r', kind: 'refund', provider: 'alder', amount: 600 },
  { id: 's', kind: 'refund', provider: 'alder', amount: 400 },
  { id: 't', kind: 'refund', provider: 'alder', amount: 600 },
  { id: 'f', kind: 'refund', provider: 'alder', amount: 100, foreign: true },
  { id: 'back', kind: 'void', provider: 'alder', amount: 1000, against: 'a' },
];

const legal = legalSteps();

/** Traces in short: commits as 'authorize a, begin_capture c', and what moved money as '! a'. */
function tracedOf(lines: readonly string[]): Trace {
  let state: PaymentState | null = null;
  const events = lines.map((line): Observed => {
    if (line.startsWith('! ')) return { what: 'acted', operation: line.slice(2) };
    const steps = line.split(', ').map((words): TracedStep => {
      const [trigger, operation] = words.split(' ') as [EventTrigger, string?];
      const from: PaymentState | null = state;
      state = legal.find((one) => one.from === from && one.trigger === trigger)?.to ?? state;
      return { trigger, from, to: state ?? 'initiated', ...(operation && { operation }) };
    });
    return { what: 'committed', steps };
  });
  return { operations: operations.filter(({ id }) => lines.some((line) => line.split(/[ ,]+/).includes(id))), events };
}

const judged = (lines: readonly string[]): Verdict => accepts(tracedOf(lines));

const confirm = 'collect, tokenize, approve, operation_opened a';
const captured = ['create', confirm, '! a', 'authorize a, begin_capture c', '! c', 'capture c'];

const good: Record<string, string[]> = {
  'an automatic payment': captured,
  'a payment that nobody confirms': ['create', 'expire'],
  'a declined card': ['create', confirm, 'decline a'],
  'silence, a second send, and a yes at last': [
    ...['create', confirm, 'operation_unanswered a', '! a', 'operation_resent a', 'operation_unanswered a'],
    ...['escalated a', 'escalation_closed a, authorize a'],
  ],
  'a shopper whose bank asks': ['create', confirm, 'operation_challenged a', '! a', 'authorize a', 'begin_capture c'],
  'failover behind a tombstone': [
    ...['create', confirm, 'operation_unanswered a', 'operation_opened x', 'operation_absent a, operation_opened b'],
    ...['! b', 'authorize b'],
  ],
  'a cancel that came too late': [
    'create',
    confirm,
    '! a',
    'operation_opened x',
    'authorize a',
    'operation_opened v',
    '! v',
    'void v',
  ],
  'a refused capture and its compensation': [
    ...['create', confirm, '! a', 'authorize a', 'begin_capture c', 'operation_refused c, operation_opened v'],
    ...['! v', 'void v', 'intent_canceled'],
  ],
  'two refunds side by side, answered in the other order': [
    ...[...captured, 'operation_opened r', 'operation_opened s', '! s', '! r', 'partial_refund s', 'reconcile'],
    'refund_all r',
  ],
  'a refund in the place of one that never arrived': [
    ...[...captured, 'operation_opened r', 'operation_absent r', 'operation_opened t', '! t', 'partial_refund t'],
  ],
  'a refund that comes back': [
    ...[...captured, 'operation_opened r', '! r', 'partial_refund r', 'chargeback', 'refund_undone r, escalated r'],
  ],
  'a refund made in the console': [...captured, '! f', 'partial_refund f'],
  'a void before anybody has looked': [
    ...['create', confirm, '! a', 'authorize a, review_opened', 'operation_opened v', '! v', 'review_closed, void v'],
  ],
  'a queue, and its end': ['create', 'collect, tokenize, approve, queued', 'queued', 'abandon'],
};

for (const [name, lines] of Object.entries(good)) {
  test(`the model can produce ${name}`, () => {
    const verdict = judged(lines);
    assert.ok(verdict.accepted, JSON.stringify(verdict));
  });
}

interface Bad {
  lines: string[];
  /** The first line that the model refuses. */
  refused: string;
}

const bad: Record<string, Bad> = {
  'a yes that no provider has given': { lines: ['create', confirm, 'authorize a'], refused: 'authorize a' },
  'money that moved before anything was written': { lines: ['create', '! a', confirm], refused: '! a' },
  'an effect twice under one key': { lines: ['create', confirm, '! a', '! a'], refused: '! a' },
  'a "no" for what was done': { lines: ['create', confirm, '! a', 'decline a'], refused: 'decline a' },
  'another provider asked on a silence': {
    lines: [
      'create',
      confirm,
      'operation_unanswered a',
      'operation_resent a',
      'operation_absent a, operation_opened b',
    ],
    refused: 'operation_absent a, operation_opened b',
  },
  'money that moves under a tombstone': {
    lines: ['create', confirm, 'operation_opened x', 'operation_absent a, operation_opened b', '! a'],
    refused: '! a',
  },
  'a void beside a capture without an answer': {
    lines: ['create', confirm, '! a', 'authorize a', 'begin_capture c', 'operation_opened v'],
    refused: 'operation_opened v',
  },
  'a capture while a person has to look': {
    lines: ['create', confirm, '! a', 'authorize a, review_opened', 'begin_capture c'],
    refused: 'begin_capture c',
  },
  'a review that outlives its payment': {
    lines: ['create', confirm, '! a', 'authorize a, review_opened', 'operation_opened v', '! v', 'void v'],
    refused: 'void v',
  },
  'a refused capture without its compensation': {
    lines: ['create', confirm, '! a', 'authorize a', 'begin_capture c', 'operation_refused c'],
    refused: 'operation_refused c',
  },
  'refunds beyond the capture': {
    lines: [...captured, 'operation_opened r', 'operation_opened t'],
    refused: 'operation_opened t',
  },
  'a reservation let go while the money may leave': {
    lines: [...captured, 'operation_opened r', 'operation_resent r', 'operation_absent r', '! r'],
    refused: '! r',
  },
  'a move that the table does not have': {
    lines: ['create', confirm, '! a', 'authorize a', 'reconcile'],
    refused: 'reconcile',
  },
  'money that moves after it was given up': { lines: ['create', confirm, 'abandon a', '! a'], refused: '! a' },
};

for (const [name, { lines, refused }] of Object.entries(bad)) {
  test(`the model refuses ${name}`, () => {
    const verdict = judged(lines);
    assert.ok(!verdict.accepted);
    assert.equal(lines[verdict.at], refused);
    assert.ok(verdict.why.length > 0);
  });
}

test('an operation that no table has is refused', () => {
  const operations = [{ id: 'y', kind: 'capture' as const, provider: 'alder', amount: 1 }];
  const verdict = accepts({ operations, events: [{ what: 'acted', operation: 'z' }] });
  assert.deepEqual(verdict.accepted ? undefined : [verdict.at, verdict.why], [0, 'there is no operation z']);
});

test('ten refunds side by side are followed in moments', () => {
  const refunds = Array.from({ length: 10 }, (_, n): TracedOperation => {
    return { id: `r-${n}`, kind: 'refund', provider: 'alder', amount: 100 };
  });
  const step = (trigger: EventTrigger, operation: string): Observed => {
    const to = legal.find((one) => one.from === 'captured' && one.trigger === trigger)?.to ?? 'captured';
    return { what: 'committed', steps: [{ trigger, from: 'captured', to, operation }] };
  };
  const before = tracedOf(captured);
  const events: Observed[] = [
    ...before.events,
    ...refunds.map(({ id }) => step('operation_opened', id)),
    ...refunds.map(({ id }): Observed => ({ what: 'acted', operation: id })),
    ...refunds.map(({ id }, n) => step(n === 9 ? 'refund_all' : 'partial_refund', id)),
  ];
  const since = process.cpuUsage();
  const verdict = accepts({ operations: [...before.operations, ...refunds], events });
  assert.ok(verdict.accepted, JSON.stringify(verdict));
  assert.ok(process.cpuUsage(since).user < 1_000_000, 'it takes less than a second');
});
