import { Refusal } from '#server/kernel/refusal.ts';
import type { Caller, Role } from './caller.ts';

export const permissions = [
  'payments:read',
  'payments:create',
  'payments:confirm',
  'payments:capture',
  'payments:void',
  'payments:refund',
  'payments:review',
  'escalations:read',
  'escalations:close',
  'operations:read',
  'operations:retry',
  'reconciliation:read',
  'reconciliation:write',
  'reconciliation:approve',
  'alerts:acknowledge',
  'alerts:configure',
] as const;

export type Permission = (typeof permissions)[number];

/** What each role of a merchant's staff may do. Nothing is inherited: what is not listed is refused. */
export const roles = {
  owner: [
    'payments:read',
    'payments:capture',
    'payments:void',
    'payments:refund',
    'payments:review',
    'escalations:read',
    'escalations:close',
    'operations:read',
    'operations:retry',
    'reconciliation:read',
    'reconciliation:write',
    'reconciliation:approve',
    'alerts:acknowledge',
    'alerts:configure',
  ],
  finance: [
    'payments:read',
    'payments:refund',
    'payments:review',
    'escalations:read',
    'escalations:close',
    'operations:read',
    'reconciliation:read',
    'reconciliation:write',
    'reconciliation:approve',
    'alerts:acknowledge',
  ],
  support: ['payments:read', 'escalations:read', 'operations:read', 'reconciliation:read'],
} as const satisfies Record<Role, readonly Permission[]>;

/** What callers without a role may do: a secret key is the merchant itself, a shopper pays one session's intent. */
const others = {
  merchant_key: permissions,
  workload: permissions,
  shopper: ['payments:read', 'payments:create', 'payments:confirm'],
} as const satisfies Record<Exclude<Caller['kind'], 'staff'>, readonly Permission[]>;

export function may(role: Role, permission: Permission): boolean {
  const granted: readonly Permission[] = roles[role];
  return granted.includes(permission);
}

/**
 * Asks only what this kind of caller may do at all; whether a thing is the caller's merchant's is asked by its query.
 *
 * @throws Refusal `forbidden`.
 */
export function requirePermission(caller: Caller, permission: Permission): void {
  const granted: readonly Permission[] = caller.kind === 'staff' ? roles[caller.role] : others[caller.kind];
  if (granted.includes(permission)) return;
  const who = caller.kind === 'staff' ? `The role ${caller.role}` : `This ${caller.kind}`;
  throw new Refusal('forbidden', `${who} may not do this: it takes the permission ${permission}.`);
}
