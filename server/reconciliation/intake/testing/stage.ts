import { openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { IntakeRoom } from '../take-in.ts';

/** What the intake needs, over a real database, as the worker's role. */
export async function openStage() {
  const database = await testDatabase();
  const worker = openDatabase({ url: database.url('worker'), application: 'intake test' });
  const owner = openDatabase({ url: database.url('owner'), application: 'intake test' });
  const written: string[] = [];
  const room = (failpoint?: Failpoint): IntakeRoom => ({
    sql: worker.sql,
    transact: makeTransact(worker.sql, { failpoint }),
    clock: systemClock,
    ids: uuidv7({ now: systemClock.now, random }),
    log: makeLog('test', { write: (line) => void written.push(line) }),
  });
  return {
    room,
    owner: owner.sql,
    /** What was logged. */
    written,
    async close() {
      await Promise.all([worker.close(), owner.close()]);
      await database.drop();
    },
  };
}

/** A file of alder's with captures of 1250 EUR, each a line of `width` characters or so. */
export function alderFile(name: string, captures: number, { width = 0 } = {}): string {
  const heading = 'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id\n';
  const lines = Array.from({ length: captures }, (_, at) => alderLine(`${name}_${at}`, 'r'.repeat(width)));
  return `${heading}${lines.join('')}end,${name},,,,2026-11-21T00:00:00.000Z,${captures},,,,\n`;
}

export function alderLine(id: string, reference = ''): string {
  return `capture,cap_${id},,key_${id},pay_${id}${reference},2026-11-20T23:30:00.250Z,1250,43,1207,EUR,po_1\n`;
}
