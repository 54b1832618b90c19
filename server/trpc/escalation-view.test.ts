import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import type { EscalationView } from '#server/payments/view.ts';
import { atRisk, canWith } from './escalation-view.ts';

const id = '01a1fe83-4479-7cf4-9c9e-122e99dc57be';
const escalation: EscalationView = {
  id,
  merchantId: id,
  paymentId: id,
  operationId: id,
  operationKind: 'capture',
  provider: 'alder',
  kind: 'unanswered',
  atRisk: 4200n,
  currency: 'EUR',
  evidence: {},
  status: 'open',
  openedAt: new Date(0),
  proposal: null,
  closed: null,
};
const by = { staffId: 'first', name: 'First' };
const proposal = { finding: 'took_place' as const, reason: 'seen there', providerRef: 'cap_1', by, at: new Date(0) };
const proposed: EscalationView = { ...escalation, status: 'proposed', proposal };

function person(staffId: string, role: 'finance' | 'support'): StaffCaller {
  return { kind: 'staff', merchantId: id, staffId, name: staffId, role };
}

test('the first person may take their finding back and not confirm it; the second may do both', () => {
  const first = canWith(proposed, person('first', 'finance'));
  assert.deepEqual(first, { close: true, own: true, propose: false, confirm: false, withdraw: true });
  const second = canWith(proposed, person('second', 'finance'));
  assert.deepEqual(second, { close: true, own: false, propose: false, confirm: true, withdraw: true });
});

test('who may not close escalations may look, and no more', () => {
  for (const one of [escalation, proposed]) {
    const can = canWith(one, person('third', 'support'));
    assert.deepEqual([can.close, can.propose, can.confirm, can.withdraw], [false, false, false, false]);
  }
});

test('money at risk is added up by currency and never across', () => {
  const dollars = { ...escalation, currency: 'USD' as const, atRisk: 9900n };
  assert.deepEqual(atRisk([escalation, dollars, escalation]), [
    { currency: 'USD', amount: 9900n },
    { currency: 'EUR', amount: 8400n },
  ]);
});
