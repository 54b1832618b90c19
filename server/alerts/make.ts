import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import type { Alerts } from './alerts.ts';
import type { Channels } from './channel.ts';
import { acknowledgeIn } from './core/acknowledge.ts';
import { deliverDue } from './core/deliver.ts';
import { countUnseen, listAlerts, openOf } from './core/list.ts';
import { raiseIn, resolveIn } from './core/raise.ts';
import { addReceiverIn, receiversOf, removeReceiverIn } from './core/receivers.ts';

export interface Seams {
  sql: RawSql;
  transact: Transact;
  clock: Clock;
  ids: Ids;
  random: Random;
  log: Log;
  /** Left out in processes that deliver nothing. */
  channels?: Channels;
}

/** Makes the alerts room. */
export function makeAlerts({ sql, transact, clock, ids, random, log, channels }: Seams): Alerts {
  const naming = { clock, ids };
  return {
    raise: (alert) => transact('alerts.raise', (tx) => raiseIn(tx, naming, alert)),
    resolve: (kind, subject) => transact('alerts.resolve', (tx) => resolveIn(tx, naming, [kind, subject])),
    open: (kind, filter = {}) => openOf(sql, kind, filter),
    async deliver(limit) {
      invariant(channels, 'this process has no channels to deliver by');
      return deliverDue({ transact, clock, random, log, channels }, limit);
    },
    list: async (caller, filter = {}) => listAlerts(sql, caller, filter),
    unseen: async (caller) => countUnseen(sql, caller),
    acknowledge: (caller, alertId) =>
      transact('alerts.acknowledge', (tx) => acknowledgeIn(tx, naming, { caller, alertId })),
    receivers: async (caller) => receiversOf(sql, caller),
    addReceiver: (caller, receiver) =>
      transact('alerts.receiver-add', (tx) => addReceiverIn(tx, naming, { caller, receiver })),
    removeReceiver: (caller, receiverId) =>
      transact('alerts.receiver-remove', (tx) => removeReceiverIn(tx, naming, { caller, receiverId })),
  };
}
