import type { Clock } from '#server/kernel/clock.ts';
import type { Log } from '#server/observability/log.ts';
import type { Payments } from '#server/payments/payments.ts';

/** Inquiries that webhooks may set off in one minute, by this process. */
const most = { ofProvider: 10, inAll: 30, ofPayment: 1 };
const minute = 60_000;

interface Asked {
  at: number;
  provider: string;
  paymentId: string;
}

/**
 * Asks a provider what is true where its webhook contradicts us. Limited: whoever can send us webhooks must not be able
 * to make us flood a provider. What is over the limit is not asked; the sweep asks in its own time.
 */
export function makeInquiries(seams: { clock: Clock; log: Log; payments: Pick<Payments, 'ask'> }) {
  let recent: Asked[] = [];

  return function inquire(
    provider: string,
    { paymentId, merchantId }: { paymentId: string; merchantId: string },
  ): void {
    const now = seams.clock.now().getTime();
    recent = recent.filter(({ at }) => at > now - minute);
    const same = (test: (asked: Asked) => boolean) => recent.filter(test).length;
    if (recent.length >= most.inAll) return;
    if (same((asked) => asked.provider === provider) >= most.ofProvider) return;
    if (same((asked) => asked.paymentId === paymentId) >= most.ofPayment) return;
    recent.push({ at: now, provider, paymentId });
    seams.payments.ask(paymentId, merchantId).catch((error: unknown) => {
      seams.log.warn({ payment: paymentId, provider, error }, 'an inquiry after a contradicting webhook failed');
    });
  };
}
