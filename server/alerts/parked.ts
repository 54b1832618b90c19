import type { ParkedEvent } from '#server/events/consumer.ts';
import { showId } from '#server/kernel/id.ts';
import type { NewAlert } from './alerts.ts';

/** Events that a consumer has given up on: what should follow from them has not happened. */
export function eventsGivenUp(parked: readonly ParkedEvent[]): NewAlert[] {
  return parked.map(({ consumer, event, tries, error }) => ({
    kind: 'event_parked',
    merchantId: event.merchantId,
    subject: `${consumer}:${event.id}`,
    title: `The consumer ${consumer} gave up on an event: what should follow from it has not happened`,
    detail: {
      Consumer: consumer,
      Payment: showId('payment', event.paymentId),
      Event: `${event.trigger}, number ${event.seq} of its payment`,
      Tries: String(tries),
      Error: (error ?? 'unknown').slice(0, 300),
    },
    path: '/admin/events',
  }));
}
