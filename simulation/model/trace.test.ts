import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Booked, type Logged, merged, type Observed } from './trace.ts';
import { tracesOf } from './traced.ts';

const row = (at: number, tx: string, trigger: Logged['trigger'], operation?: string): Logged => {
  return { at, tx, trigger, from: 'risk_checked', to: 'risk_checked', ...(operation && { operation }) };
};
const line = (at: number, operation: string): Booked => ({ what: 'acted', at, operation });

const inWords = (events: Observed[]) =>
  events.map((event) => {
    if (event.what === 'acted') return `! ${event.operation}`;
    return event.steps.map(({ trigger }) => trigger).join('+');
  });

test('events of one transaction are one commit', () => {
  const log = [row(1, '7', 'authorize', 'a'), row(1, '7', 'begin_capture', 'c'), row(2, '9', 'capture', 'c')];
  assert.deepEqual(inWords(merged(log, [])), ['authorize+begin_capture', 'capture']);
});

test('what a provider did stands between its order and its answer, also where all is of one moment', () => {
  const log = [row(5, '1', 'operation_opened', 'a'), row(5, '2', 'authorize', 'a'), row(5, '3', 'begin_capture', 'c')];
  assert.deepEqual(inWords(merged(log, [line(5, 'a'), line(5, 'c')])), [
    ...['operation_opened', '! a', 'authorize', 'begin_capture', '! c'],
  ]);
});

test('a clock that is wrong by minutes does not turn cause and effect round', () => {
  const opened = row(600, '1', 'operation_opened', 'a');
  const recorded = row(2, '2', 'authorize', 'a');
  assert.deepEqual(inWords(merged([opened, recorded], [line(10, 'a')])), ['operation_opened', '! a', 'authorize']);
  assert.deepEqual(inWords(merged([row(1, '1', 'operation_opened', 'a'), recorded], [line(10, 'a')])), [
    ...['operation_opened', '! a', 'authorize'],
  ]);
});

test('what comes after its operation was given up stays there', () => {
  const log = [row(1, '1', 'operation_opened', 'a'), row(2, '2', 'abandon', 'a'), row(9, '3', 'intent_canceled')];
  assert.deepEqual(inWords(merged(log, [line(5, 'a')])), ['operation_opened', 'abandon', '! a', 'intent_canceled']);
});

test('rows and books become one trace for each payment', () => {
  const event = { tx: '1', at: new Date(1), from_state: null, to_state: 'initiated', operation_id: null };
  const operation = { provider: 'alder', amount: '100', against: null, provider_ref: null, is_foreign: false };
  const events = [
    { ...event, payment_id: 'p', trigger: 'create' },
    { ...event, payment_id: 'q', trigger: 'create' },
    { ...event, payment_id: 'p', tx: '2', trigger: 'operation_opened', operation_id: 'a-1' },
  ];
  const operations = [
    { ...operation, id: 'a-1', payment_id: 'p', kind: 'authorize' },
    { ...operation, id: 'f', payment_id: 'p', kind: 'refund', is_foreign: true, provider_ref: 'ref_9' },
  ];
  const at = new Date(3).toISOString();
  const books = [
    { at, id: 'auth_1', key: 'a-1-1', kind: 'authorization' },
    { at, id: 'ref_9', key: 'console', kind: 'refund' },
    { at, id: 'auth_2', key: 'nobodys-1', kind: 'authorization' },
  ];
  const traces = tracesOf(events, operations, books);
  assert.deepEqual([...traces.keys()], ['p', 'q']);
  assert.deepEqual(inWords([...(traces.get('p')?.events ?? [])]), ['create', 'operation_opened', '! a-1', '! f']);
  assert.deepEqual(traces.get('p')?.operations, [
    { id: 'a-1', kind: 'authorize', provider: 'alder', amount: 100 },
    { id: 'f', kind: 'refund', provider: 'alder', amount: 100, foreign: true },
  ]);
});
