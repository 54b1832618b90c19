import type { Caller } from '#server/auth/caller.ts';
import { may } from '#server/auth/permissions.ts';
import type { Receiver } from '../alerts.ts';

/** A webhook's path is often its password (Slack's is): whoever may not name receivers sees the host alone. */
export function shownAddress(caller: Caller, { channel, address }: Omit<Receiver, 'id'>): string {
  if (channel !== 'webhook' || caller.kind !== 'staff' || may(caller.role, 'alerts:configure')) return address;
  const host = /^https?:\/\/[^/\\?#]+/.exec(address)?.[0] ?? '';
  return `${host}/…`;
}
