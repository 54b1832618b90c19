import { type Connections, openDatabase, type RawSql } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { makeTransact } from '#db/transaction.ts';
import type { Caller, Role } from '#server/auth/caller.ts';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { AlertKind, ChannelName, NewAlert } from '../alerts.ts';
import type { Channels } from '../channel.ts';
import { makeAlerts } from '../make.ts';

export const ids = uuidv7({ now: systemClock.now, random: systemRandom });

/** The room over a database of its own, as the process that raises, sends and shows: each in its own role. */
export async function givenAlerts(channels?: Channels) {
  const database = await testDatabase();
  const open = (role: 'web' | 'worker' | 'owner') => openDatabase({ url: database.url(role), application: 'test' });
  const all = { web: open('web'), worker: open('worker'), owner: open('owner') };
  let now = new Date('2026-01-01T12:00:00Z');
  const clock: Clock = { ...systemClock, now: () => now };
  const lines: string[] = [];
  const log = makeLog('test', { write: (line) => void lines.push(line) });
  const seams = { clock, ids, random: systemRandom, log };
  const roomAs = ({ sql }: Connections, ways?: Channels) =>
    makeAlerts({ ...seams, sql, transact: makeTransact(sql), ...(ways && { channels: ways }) });
  return {
    /** The worker's. */
    alerts: roomAs(all.worker, channels),
    /** The web process's. */
    console: roomAs(all.web),
    owner: all.owner.sql,
    sqlOf: (role: 'web' | 'worker') => all[role].sql,
    clock,
    lines,
    pass(milliseconds: number): void {
      now = new Date(now.getTime() + milliseconds);
    },
    async end(): Promise<void> {
      await Promise.all(Object.values(all).map((one) => one.close()));
      await database.drop();
    },
  };
}

export type Room = Awaited<ReturnType<typeof givenAlerts>>;

export function newAlert(fields: Partial<NewAlert> & { kind: AlertKind; merchantId: string | null }): NewAlert {
  return { subject: ids(), title: 'Something is wrong', detail: { Payment: 'ch_1' }, ...fields };
}

export function staffOf(merchantId: string, role: Role = 'owner'): Caller {
  return { kind: 'staff', merchantId, staffId: ids(), name: `Ann of ${role}`, role };
}

export async function addMerchant(owner: RawSql, id = ids()): Promise<string> {
  await owner`INSERT INTO merchants (id, name, currency, created_at) VALUES (${id}, 'Harbour', 'EUR', ${new Date()})`;
  return id;
}

interface NewReceiver {
  merchantId: string | null;
  channel: ChannelName;
  address: string;
  secret?: string;
}

export async function addReceiver(
  owner: RawSql,
  { merchantId, channel, address, secret }: NewReceiver,
): Promise<string> {
  const id = ids();
  await owner`
    INSERT INTO alert_receivers (id, merchant_id, channel, address, secret, created_at)
    VALUES (${id}, ${merchantId}, ${channel}, ${address}, ${secret ?? null}, ${new Date()})`;
  return id;
}
