import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roles } from '#db/schema/auth.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { actorOf, type Caller, type Role } from './caller.ts';
import { may, type Permission, permissions, requirePermission } from './permissions.ts';

// Written out, so that a slip in the table of roles is a failing test and not a new right.
// biome-ignore format: the columns are the permissions
const expected: Record<Role, Permission[]> = {
  owner:   ['payments:read', 'payments:capture', 'payments:void', 'payments:refund', 'payments:review',
            'escalations:read', 'escalations:close', 'operations:read', 'operations:retry', 'reconciliation:read',
            'reconciliation:write', 'reconciliation:approve', 'alerts:acknowledge', 'alerts:configure'],
  finance: ['payments:read', 'payments:refund', 'payments:review',
            'escalations:read', 'escalations:close', 'operations:read', 'reconciliation:read', 'reconciliation:write',
            'reconciliation:approve', 'alerts:acknowledge'],
  support: ['payments:read', 'escalations:read', 'operations:read', 'reconciliation:read'],
};

const merchantId = '01935e2a-0000-7000-8000-000000000001';
const staffOf = (role: Role): Caller => ({ kind: 'staff', merchantId, staffId: 's', name: 'Ann', role });

test('each role may do what it is listed for, and nothing else', () => {
  for (const role of roles) {
    for (const permission of permissions) {
      const allowed = expected[role].includes(permission);
      assert.equal(may(role, permission), allowed, `${role} ${permission}`);
      const ask = () => requirePermission(staffOf(role), permission);
      if (allowed) ask();
      else assert.throws(ask, (no: Refusal) => no instanceof Refusal && no.code === 'forbidden');
    }
  }
});

test('a shopper may pay, and may neither capture, void nor refund', () => {
  const shopper: Caller = { kind: 'shopper', merchantId, sessionId: 's' };
  requirePermission(shopper, 'payments:confirm');
  for (const permission of ['payments:capture', 'payments:void', 'payments:refund'] as const) {
    assert.throws(() => requirePermission(shopper, permission), { code: 'forbidden' });
  }
});

test('the log names who did it: a key, a person, a session or a process', () => {
  const key: Caller = { kind: 'merchant_key', merchantId, keyId: 'k', mode: 'test' };
  assert.deepEqual(actorOf(key), { kind: 'merchant_key', id: 'k' });
  assert.deepEqual(actorOf(staffOf('owner')), { kind: 'staff', id: 's' });
  assert.deepEqual(actorOf({ kind: 'shopper', merchantId, sessionId: 'c' }), { kind: 'shopper', id: 'c' });
  assert.deepEqual(actorOf({ kind: 'workload', merchantId, name: 'worker' }), { kind: 'workload', id: 'worker' });
});
