import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry, EventRow, Evidence, OperationRow, PaymentRow } from './evidence.ts';
import { judge } from './judge.ts';

const payment: PaymentRow = {
  id: 'ch',
  intent_id: 'pi',
  state: 'captured',
  version: 11,
  amount: 10n,
  authorized: 10n,
  captured: 10n,
  refunded: 6n,
  refund_reserved: 0n,
  charged_back: 0n,
  stray: 0n,
};

function operation(id: string, kind: string, amount: bigint): OperationRow {
  const of = { payment_id: 'ch', status: 'accepted', step: 1, is_foreign: false };
  return { ...of, id, kind, amount, provider_ref: `ref ${id}` };
}

function entry(id: string, kind: string, amount: bigint): Entry {
  return { key: `${id}-1`, kind, payment: 'ch', amount, done: true, ref: `ref ${id}` };
}

const path: [string | null, string, string, string?][] = [
  [null, 'create', 'initiated'],
  ['initiated', 'collect', 'payment_method_captured'],
  ['payment_method_captured', 'tokenize', 'tokenized'],
  ['tokenized', 'approve', 'risk_checked'],
  ['risk_checked', 'operation_opened', 'risk_checked', 'auth'],
  ['risk_checked', 'authorize', 'authorized', 'auth'],
  ['authorized', 'begin_capture', 'capture_pending', 'capt'],
  ['capture_pending', 'capture', 'captured', 'capt'],
  ['captured', 'operation_opened', 'captured', 'refd'],
  ['captured', 'operation_unanswered', 'captured', 'refd'],
  ['captured', 'partial_refund', 'captured', 'refd'],
];
const events: EventRow[] = path.map(([from, trigger, to, operation_id], n) => ({
  payment_id: 'ch',
  seq: n + 1,
  from_state: from,
  trigger,
  to_state: to,
  operation_id: operation_id ?? null,
}));

/** A payment of 10 that was captured, of which 6 were given back. */
const whole: Evidence = {
  intents: [{ id: 'pi' }],
  prepared: ['pi'],
  payments: [payment],
  operations: [operation('auth', 'authorize', 10n), operation('capt', 'capture', 10n), operation('refd', 'refund', 6n)],
  events,
  postings: [
    { payment_id: 'ch', kind: 'authorization', amount: 10n },
    { payment_id: 'ch', kind: 'release', amount: 10n },
    { payment_id: 'ch', kind: 'capture', amount: 10n },
    { payment_id: 'ch', kind: 'refund', amount: 6n },
  ],
  keys: [{ key: 'k', subject_id: 'refd' }],
  seen: events.map(({ seq }) => ({ payment_id: 'ch', seq })),
  journal: [entry('auth', 'authorize', 10n), entry('capt', 'capture', 10n), entry('refd', 'refund', 6n)],
  answers: [
    { who: 'api 1', asked: { verb: 'refund', key: 'k', body: 'same' }, yes: { id: 'refd', is: 'accepted' } },
    { who: 'api 2', asked: { verb: 'refund', key: 'k', body: 'same' }, no: { refusal: 'idempotency_in_flight' } },
  ],
};

test('what is whole is found whole', () => {
  assert.deepEqual(judge(whole, { consumes: true }), []);
});

const [yes, twin] = whole.answers;
assert.ok(yes && twin);
const paid = (fields: Partial<PaymentRow>) => ({ payments: [{ ...payment, ...fields }] });

const corruptions: Record<string, [Partial<Evidence>, RegExp]> = {
  'an over-refund in the acquirer’s books': [
    { journal: [...whole.journal, entry('refd2', 'refund', 6n)] },
    /gave back 12 of 10/,
  ],
  'an over-refund in ours': [paid({ refund_reserved: 6n }), /reserved 6 of 10/],
  'a capture beside a void': [{ journal: [...whole.journal, entry('void', 'void', 10n)] }, /captured and voided/],
  'a second capture': [{ journal: [...whole.journal, entry('capt2', 'capture', 1n)] }, /captured 2 times/],
  'an effect without an operation': [{ operations: whole.operations.slice(0, 2) }, /on record 0 times/],
  'an operation without an effect': [{ journal: whole.journal.slice(0, 2) }, /on record that never was/],
  'an effect that is on record twice': [
    { operations: [...whole.operations, { ...operation('refd', 'refund', 6n) }] },
    /on record 2 times/,
  ],
  'an amount that differs': [paid({ captured: 9n }), /captured 9 here, 10 there/],
  'a chargeback that nobody made': [paid({ charged_back: 1n }), /7 went back or astray here, 6 there/],
  'a posting too many': [
    { postings: [...whole.postings, { payment_id: 'ch', kind: 'refund', amount: 6n }] },
    /posted 12 as refunded of 6/,
  ],
  'an operation without an answer': [
    { operations: [...whole.operations, { ...operation('open', 'refund', 1n), status: 'open' }] },
    /left without an answer/,
  ],
  'a gap in the versions': [{ events: events.filter(({ seq }) => seq !== 10) }, /event 11 stands where 10 belongs/],
  'a move that the table does not have': [
    { events: events.map((one) => (one.seq === 8 ? { ...one, to_state: 'refunded' } : one)) },
    /goes from capture_pending to refunded/,
  ],
  'a log that ends elsewhere': [paid({ state: 'refunded' }), /log ends captured/],
  'a refund that is told twice': [
    { events: events.map((one) => (one.seq === 10 ? { ...one, trigger: 'partial_refund' } : one)) },
    /told 2 times/,
  ],
  'an event that a consumer saw twice': [{ seen: [...whole.seen, { payment_id: 'ch', seq: 3 }] }, /not each once/],
  'an event that no consumer saw': [{ seen: whole.seen.slice(1) }, /not each once/],
  'an answer that is not so': [
    { journal: whole.journal.map((one) => (one.kind === 'refund' ? { ...one, done: false } : one)) },
    /told as done that never was/,
  ],
  'a no that was done': [{ answers: [{ ...yes, yes: { id: 'refd', is: 'refused' } }] }, /refused and done/],
  'an effect that its client was not told of': [
    { answers: [{ ...yes, yes: { id: 'other', is: 'refused' } }] },
    /nobody was told of/,
  ],
  'an error that is no refusal': [{ answers: [yes, { ...twin, no: { failure: 'TypeError' } }] }, /with TypeError/],
  'two results of one key': [{ answers: [yes, { ...yes, yes: { id: 'refd2', is: 'refused' } }] }, /2 results/],
  'another request under the same key': [
    { answers: [yes, { ...yes, asked: { ...yes.asked, body: 'other' } }] },
    /two different requests/,
  ],
  'a twin that is told its own effect as a no': [
    { answers: [yes, { ...twin, no: { refusal: 'illegal_move' } }] },
    /sent twice was told illegal_move/,
  ],
  'an intent that nobody’s key made': [{ intents: [{ id: 'pi' }, { id: 'pi2' }] }, /1 intents were made under 0 keys/],
};

for (const [name, [change, words]] of Object.entries(corruptions)) {
  test(`the judge names ${name}`, () => {
    assert.match(judge({ ...whole, ...change }, { consumes: true }).join('\n'), words);
  });
}
