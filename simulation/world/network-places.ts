import type { Asked } from '../plan.ts';

/** What on the wire is about which payment of the plan. Undefined is a payment that the plan does not have. */
export interface Places {
  /** A token of this place was sent for this payment of Florin's. */
  settle(paymentId: string, n: number | undefined): void;
  ofPayment(paymentId: string): number | undefined;
  /** A key of the payment went to an acquirer. */
  keyed(key: string, paymentId: string): void;
  ofKey(key: string): number | undefined;
  /** A capture that an acquirer told of, by its id there. */
  captured(captureId: string, key: string): void;
  ofCapture(captureId: string): number | undefined;
  /** Counts: the first request of this sort for a payment is 1. */
  nth(paymentId: string, asked: Asked): number;
}

export function makePlaces(): Places {
  const payments = new Map<string, number>();
  const keys = new Map<string, string>();
  const captures = new Map<string, string>();
  const counts = new Map<string, number>();
  const ofPayment = (paymentId: string) => payments.get(paymentId.toLowerCase());
  const ofKey = (key: string) => ofPayment(keys.get(key) ?? '');
  return {
    settle(paymentId, n) {
      if (n !== undefined) payments.set(paymentId.toLowerCase(), n);
    },
    ofPayment,
    keyed: (key, paymentId) => void keys.set(key, paymentId),
    ofKey,
    captured: (captureId, key) => void captures.set(captureId, key),
    ofCapture: (captureId) => ofKey(captures.get(captureId) ?? ''),
    nth(paymentId, asked) {
      const whose = `${ofPayment(paymentId) ?? paymentId}/${asked}`;
      const nth = (counts.get(whose) ?? 0) + 1;
      counts.set(whose, nth);
      return nth;
    },
  };
}
