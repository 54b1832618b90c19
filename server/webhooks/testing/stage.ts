import { openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { HearInput, Hearing } from '#server/payments/payments.ts';
import { readWebhook } from '#server/providers/sandbox/webhook.ts';
import { makeProcessor } from '../process.ts';
import { makeReceiver } from '../receive.ts';
import { readWebhookSettings } from '../settings.ts';
import type { Incoming } from '../webhooks.ts';
import type { Sent } from './sender.ts';

export const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [string, string];
export const merchantId = '00000000-0000-7000-8000-000000000001';

/**
 * The room over a real database, as the roles of its processes; payments, which has its own tests, answers as told.
 * Time stands still until it is moved.
 */
export async function openStage({ failpoint }: { failpoint?: Failpoint } = {}) {
  const database = await testDatabase();
  const open = (role: 'web' | 'api' | 'worker' | 'owner') =>
    openDatabase({ url: database.url(role), application: 'webhooks test' });
  const [web, api, worker, owner] = [open('web'), open('api'), open('worker'), open('owner')];
  let now = new Date('2026-11-21T12:00:00.000Z');
  const clock: Clock = { ...systemClock, now: () => now };
  const ids = uuidv7({ now: clock.now, random: systemRandom });
  const log = makeLog('test', { write: () => {} });
  const heard: HearInput[] = [];
  const asked: string[] = [];
  let hear = async (_: HearInput): Promise<Hearing> => ({ kind: 'recorded', paymentId: ids(), merchantId });
  const payments = {
    hear(input: HearInput) {
      heard.push(input);
      return hear(input);
    },
    async ask(paymentId: string) {
      asked.push(paymentId);
    },
  };
  const inApi = makeTransact(api.sql, { failpoint });
  const receiver = makeReceiver({
    transact: inApi,
    clock,
    ids,
    log,
    providers: { names: () => ['alder', 'birch'], readWebhook: (_, webhook, told) => readWebhook(webhook, told) },
    processor: makeProcessor({ transact: inApi, clock, log, payments }),
    settings: readWebhookSettings(
      JSON.stringify({ alder: { secrets, addresses: ['192.0.2.0/24'] }, birch: { secrets, addresses: ['::/0'] } }),
    ),
  });
  return {
    clock,
    ids,
    heard,
    asked,
    sql: owner.sql,
    asWorker: worker.sql,
    asWeb: web.sql,
    receive: (sent: Sent, from: Partial<Incoming> = {}) =>
      receiver.receive({ provider: 'alder', address: '192.0.2.7', ...sent, ...from }),
    worker: makeProcessor({ transact: makeTransact(worker.sql), clock, log, payments }),
    pass(milliseconds: number) {
      now = new Date(now.getTime() + milliseconds);
    },
    payments(answers: (input: HearInput) => Promise<Hearing>) {
      hear = answers;
    },
    /** Every row, oldest first. */
    rows: () => owner.sql`SELECT * FROM provider_webhooks ORDER BY id`,
    async close() {
      await Promise.all([web, api, worker, owner].map((one) => one.close()));
      await database.drop();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;
