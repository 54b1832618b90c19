import type { Composition } from '#server/composition/rooms.ts';
import { snapshot } from '#server/ledger/snapshot.ts';
import { makePrune } from '#server/webhooks/prune.ts';
import type { Job } from './every.ts';
import { fulfilWhatTheLogTells } from './fulfil-orders.ts';
import { measureLog } from './measure-log.ts';
import { lookForTrouble } from './trouble.ts';

/** What has to happen although nobody asks for it now, by a worker with these rooms. */
export function jobsOf(rooms: Composition): Job[] {
  return [
    // One for each provider: whoever hangs holds up nobody else's questions.
    ...rooms.providers.names().map((name) => {
      return {
        name: `sweep ${name}`,
        pause: 1_000,
        limit: 100,
        run: (limit: number) => rooms.payments.sweep(limit, name),
      };
    }),
    { name: 'try queued payments', pause: 1_000, limit: 50, run: (limit) => rooms.payments.dequeue(limit) },
    { name: 'settle holds', pause: 60_000, limit: 100, run: (limit) => rooms.payments.settleHolds(limit) },
    { name: 'sweep sessions', pause: 5_000, limit: 100, run: (limit) => rooms.checkout.sweep(limit) },
    { name: 'compensate orders', pause: 500, limit: 20, run: (limit) => rooms.orders.compensate(limit) },
    { name: 'alert of orders', pause: 5_000, limit: 20, run: (limit) => rooms.orders.alert(limit) },
    { name: 'webhooks', pause: 1_000, limit: 100, run: (limit) => rooms.webhooks.process(limit) },
    { name: 'prune webhooks', pause: 60_000, limit: 1_000, run: makePrune(rooms) },
    { name: 'prune keys', pause: 60_000, limit: 1_000, run: (limit) => rooms.keys.prune(limit) },
    { name: 'snapshot the ledger', pause: 600_000, limit: 31, run: (limit) => snapshot(rooms, limit) },
    { name: 'measure the log', pause: 5_000, limit: 1, run: () => measureLog(rooms) },
    { name: 'deliver alerts', pause: 1_000, limit: 20, run: (limit) => rooms.alerts.deliver(limit) },
    { name: 'look for trouble', pause: 15_000, limit: 1, run: () => lookForTrouble(rooms) },
    // Days of files come once a day, and whoever was down finds them all the next time.
    { name: 'fetch settlement files', pause: 300_000, limit: 1_000, run: () => rooms.reconciliation.fetch() },
    { name: 'reconcile', pause: 30_000, limit: 10, run: (limit) => rooms.reconciliation.work(limit) },
    { name: 'match bank statements', pause: 30_000, limit: 10, run: (limit) => rooms.reconciliation.matchBank(limit) },
    { name: 'watch reconciliation', pause: 60_000, limit: 1_000, run: () => rooms.reconciliation.watch() },
    ...fulfilWhatTheLogTells(rooms),
  ];
}
