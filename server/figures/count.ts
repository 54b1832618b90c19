import type { LoggedEvent } from '#server/events/consumer.ts';
import type { OperationFacts } from '#server/payments/operation-facts.ts';
import { boundOf, bounds } from './latency.ts';

/** What the events of one hour come to, for one merchant, provider and currency. Money in minor units. */
export interface Figures {
  merchantId: string;
  hour: Date;
  provider: string;
  currency: string;
  asked: number;
  approved: number;
  declined: number;
  unanswered: number;
  authorized: bigint;
  captures: number;
  captured: bigint;
  refunds: number;
  refunded: bigint;
  answersWithin: number[];
}

/** Adds up events. What has no operation, or one of another kind, is no figure. */
export function count(events: readonly LoggedEvent[], operations: Map<string, OperationFacts>): Figures[] {
  const sums = new Map<string, Figures>();
  for (const event of events) {
    const operation = event.operationId === null ? undefined : operations.get(event.operationId);
    if (!operation) continue;
    const { provider, currency } = operation;
    const hour = new Date(Math.floor(event.at.getTime() / 3_600_000) * 3_600_000);
    const name = [event.merchantId, hour.toISOString(), provider, currency].join();
    const sum = sums.get(name) ?? nothing({ merchantId: event.merchantId, hour, provider, currency });
    if (add(sum, event, operation)) sums.set(name, sum);
  }
  return [...sums.values()];
}

/** @returns Whether it counted. */
function add(sum: Figures, event: LoggedEvent, operation: OperationFacts): boolean {
  const amount = event.amount ?? 0n;
  switch (`${operation.kind} ${event.trigger}`) {
    case 'authorize operation_opened':
      sum.asked += 1;
      return true;
    case 'authorize authorize':
      sum.approved += 1;
      sum.authorized += amount;
      return answered(sum, event, operation);
    case 'authorize decline':
    case 'authorize operation_refused':
      sum.declined += 1;
      return answered(sum, event, operation);
    case 'authorize operation_unanswered':
      sum.unanswered += 1;
      return true;
    case 'capture capture':
      sum.captures += 1;
      sum.captured += amount;
      return true;
    case 'refund refund_all':
    case 'refund partial_refund':
      sum.refunds += 1;
      sum.refunded += amount;
      return true;
    default:
      return false;
  }
}

/** Counts how long the answer took, from the asking: also where it was lost first, as the shopper has waited for it. */
function answered(sum: Figures, { at }: LoggedEvent, { openedAt }: OperationFacts): true {
  const place = boundOf(at.getTime() - openedAt.getTime());
  sum.answersWithin[place] = (sum.answersWithin[place] ?? 0) + 1;
  return true;
}

function nothing(whose: Pick<Figures, 'merchantId' | 'hour' | 'provider' | 'currency'>): Figures {
  return {
    ...whose,
    asked: 0,
    approved: 0,
    declined: 0,
    unanswered: 0,
    authorized: 0n,
    captures: 0,
    captured: 0n,
    refunds: 0,
    refunded: 0n,
    answersWithin: new Array(bounds.length + 1).fill(0),
  };
}
