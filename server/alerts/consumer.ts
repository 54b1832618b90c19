import type { RawSql } from '#db/client.ts';
import type { Consumer, LoggedEvent } from '#server/events/consumer.ts';
import { showId } from '#server/kernel/id.ts';
import { formatMoney, isCurrency } from '#server/kernel/money.ts';
import { type Naming, raiseIn, resolveIn } from './core/raise.ts';

/**
 * Tells people of what the log says needs one: an escalation's alert is raised with the event that opened it, and is
 * over with the event that closed it.
 */
export function alertsConsumer(naming: Naming): Consumer {
  return {
    name: 'alerts',
    async effect(tx, events) {
      for (const event of events) await heed(tx, naming, event);
    },
  };
}

async function heed(tx: RawSql, naming: Naming, event: LoggedEvent): Promise<void> {
  const { escalation } = event.data;
  if (typeof escalation !== 'string') return;
  if (event.trigger === 'escalation_closed') await resolveIn(tx, naming, ['escalation_opened', escalation]);
  if (event.trigger !== 'escalated') return;
  const { kind } = event.data;
  await raiseIn(tx, naming, {
    kind: 'escalation_opened',
    merchantId: event.merchantId,
    subject: escalation,
    title: titles[String(kind)] ?? 'A payment needs somebody to look after its money',
    detail: {
      ...atRisk(event.amount, String(event.data.currency)),
      Payment: showId('payment', event.paymentId),
      ...(event.operationId && { Operation: showId('operation', event.operationId) }),
    },
    path: `/admin/escalations/${showId('escalation', escalation)}`,
  });
}

const titles: Record<string, string> = {
  unanswered: 'A provider does not say whether it moved money: somebody has to find out',
  stray: 'A provider took money for a payment that had ended',
  stuck: 'A provider does not release a card that is no longer to be charged',
  undone: 'A refund came back: the shopper does not have the money',
};

function atRisk(amount: bigint | null, currency: string): Record<string, string> {
  return amount !== null && isCurrency(currency) ? { 'At risk': formatMoney({ amount, currency }) } : {};
}
