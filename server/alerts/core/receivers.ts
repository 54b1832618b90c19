import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { NewReceiver, Receiver } from '../alerts.ts';
import type { Naming } from './raise.ts';
import { shownAddress } from './shown-address.ts';

/** More than a team has, and few enough to be told in a moment. */
const most = 20;

/** What a receiver of each channel is known by, and what its secret looks like. */
const shapes = {
  email: { address: /^[^\s@<>",;]{1,64}@[^\s@<>",;]{1,180}\.[^\s@<>",;.]{2,60}$/, secret: /^$/ },
  webhook: { address: /^https?:\/\/[^\s@]{1,480}$/, secret: /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/ },
  pagerduty: { address: /^.{1,100}$/, secret: /^[A-Za-z0-9]{20,64}$/ },
} as const;

const asks = {
  email: { address: 'Write an e-mail address, such as ops@example.com.', secret: 'Mail has no secret.' },
  webhook: {
    address: 'Write a whole address, such as https://example.com/alerts.',
    secret: 'A secret is whsec_ and at least 24 bytes in base64.',
  },
  pagerduty: {
    address: 'Name the service, in up to 100 characters.',
    secret: 'An integration key has 20 letters and digits or more.',
  },
} as const;

export async function receiversOf(sql: RawSql, caller: Caller): Promise<Receiver[]> {
  requirePermission(caller, 'operations:read');
  const rows = await sql<Receiver[]>`
    SELECT id, channel, address FROM alert_receivers
    WHERE merchant_id = ${caller.merchantId} AND disabled_at IS NULL ORDER BY channel, address LIMIT ${most}`;
  return rows.map((row) => ({ ...row, address: shownAddress(caller, row) }));
}

/** Added twice it is one, with the later secret; one that was removed is back. */
export async function addReceiverIn(
  tx: RawSql,
  { clock, ids }: Naming,
  { caller, receiver }: { caller: Caller; receiver: NewReceiver },
): Promise<void> {
  requirePermission(caller, 'alerts:configure');
  const { channel, address, secret = '' } = receiver;
  check(receiver);
  const { merchantId } = caller;
  const others = await tx`
    SELECT id FROM alert_receivers WHERE merchant_id = ${merchantId} AND disabled_at IS NULL
      AND (channel, address) <> (${channel}, ${address}) LIMIT ${most}`;
  if (others.length === most) throw new Refusal('invalid_input', `At most ${most} receivers are told.`);
  await tx`
    INSERT INTO alert_receivers (id, merchant_id, channel, address, secret, created_at)
    VALUES (${ids()}, ${merchantId}, ${channel}, ${address}, ${secret || null}, ${clock.now()})
    ON CONFLICT (merchant_id, channel, address) DO UPDATE SET secret = ${secret || null}, disabled_at = NULL`;
}

function check({ channel, address, secret = '' }: NewReceiver): void {
  if (!shapes[channel].address.test(address)) {
    throw new Refusal('invalid_input', asks[channel].address, { param: 'address' });
  }
  if (!shapes[channel].secret.test(secret))
    throw new Refusal('invalid_input', asks[channel].secret, { param: 'secret' });
}

/** What is still on its way to it is given up; what arrived stays on record. */
export async function removeReceiverIn(
  tx: RawSql,
  { clock }: Naming,
  { caller, receiverId }: { caller: Caller; receiverId: string },
): Promise<void> {
  requirePermission(caller, 'alerts:configure');
  const [known] = await tx`
    UPDATE alert_receivers SET disabled_at = coalesce(disabled_at, ${clock.now()}::timestamptz)
    WHERE id = ${receiverId} AND merchant_id = ${caller.merchantId} RETURNING id`;
  if (!known) throw new Refusal('not_found', 'No such receiver.');
}
