import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlannedFault } from '../plan.ts';
import { planOf } from '../plans/plan-of.ts';
import type { Committed } from './story.ts';
import { inWords } from './words.ts';

const fault: PlannedFault = { id: 'F9.2', kind: 'F9', on: 'exchange', payment: 2, asked: 'authorize', nth: 1 };
const plan: Plan = { ...planOf(1, { payments: 4, faults: 0 }), faults: [fault] };
const lines = [
  '99.00 api-2: F2 takes effect\n',
  '100.00 payment 2: the client asks api-1: create\n',
  '120.00 payment 3: the client asks api-1: create\n',
  '130.00 api-1: SELECT fingerprint, subject_kind\n',
  '139.40 api-1: #2 inquire answered 404\n',
  '140.00 api-1: #2 authorize to the vault\n',
  '141.00 fault F9.2 F9 strikes #2 authorize 1\n',
  '142.00 api-1: #21 authorize to the vault\n',
  '150.00 api-1: F2 takes effect\n',
  '151.00 fault F9.2 F9 took effect\n',
  '155.00 api-1: #2 authorize 1 silent: connection_lost\n',
  '156.00 worker-1: #2 inquire to the vault\n',
  '157.00 alder: #2 inquire 2 arrives\n',
  '160.00 alder: #2 webhook 1 200\n',
  '900.00 api-2: F2 takes effect\n',
];
const opened: Committed = {
  n: 2,
  attempt: 1,
  at: 139,
  from: 'risk_checked',
  trigger: 'operation_opened',
  to: 'risk_checked',
  cause: 'confirm',
  operation: { kind: 'authorize', provider: 'alder', amount: 1_002 },
};
const breach = { invariant: 'I1', says: 'Two acquirers hold the money.' };
const told = inWords(2, { plan, lines, story: [opened, { ...opened, n: 3 }], breaches: [breach] });
const rows = told.split('\n').filter((line) => / s {2}/.test(line));

test('a payment is told time by time, what was asked, committed, sent and lost, and nothing of the others', () => {
  assert.deepEqual(
    rows.map((row) => row.trim().replaceAll(/ {2,}/g, '  ')),
    [
      '0.100 s  client  asks api-1: create',
      '0.139 s  api-1  hears 404 for inquiry',
      '0.139 s  database  written down before anybody is asked (authorize of 1002 at alder) → still risk_checked; ' +
        'because of: confirm',
      '0.140 s  api-1  sends authorize by way of the vault',
      '0.141 s  fault  F9 strikes authorize 1: the provider acts and its answer is lost',
      '0.150 s  world  F2 strikes api-1: a process dies inside a transaction, before COMMIT',
      '0.151 s  fault  F9 took effect',
      '0.155 s  api-1  hears nothing about authorize: connection_lost',
      '0.156 s  worker-1  sends inquiry by way of the vault',
      '0.157 s  alder  inquiry (2) arrives',
      '0.160 s  alder  webhook 1 is taken',
    ],
  );
});

test('it begins with what was wanted and planned, and ends with what the judge says', () => {
  assert.match(told, /^Payment 2: \d+ (EUR|USD|JPY) in minor units, card \w+/);
  assert.match(told, /\nPlanned: F9\.2 at authorize 1: the provider acts and its answer is lost\.\n/);
  assert.match(told, /The judge: I1 is broken\. Two acquirers hold the money\.$/);
});

test('where nothing is wrong the judge says so; a payment that the plan has not is said to be missing', () => {
  assert.match(inWords(2, { plan, lines, story: [], breaches: [] }), /The judge finds nothing wrong\.$/);
  assert.equal(inWords(9, { plan, lines, story: [], breaches: [] }), 'The plan has no payment 9.');
});
