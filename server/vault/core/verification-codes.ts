import type { Clock } from '#server/kernel/clock.ts';

/**
 * Card verification codes, in this process's memory and nowhere else, for minutes. They may not be stored after
 * authorisation, not even encrypted (PCI DSS 4.0.1, 3.3.1): not storing them at all is the simplest way to keep that.
 */
export interface VerificationCodes {
  hold(tokenId: string, code: string, until: Date): void;
  read(tokenId: string): string | undefined;
  /** Names the payment that uses it: from then on it can be dropped by that, too. */
  use(tokenId: string, payment: string): void;
  drop(tokenId: string): void;
  dropOf(payment: string): void;
  dropExpired(): void;
  count(): number;
}

export function makeVerificationCodes(clock: Pick<Clock, 'now'>): VerificationCodes {
  const held = new Map<string, { code: Buffer; until: number; payment?: string }>();
  /** Token ids by payment; never without an entry in `held`. */
  const used = new Map<string, string>();
  const drop = (tokenId: string) => {
    const entry = held.get(tokenId);
    entry?.code.fill(0);
    held.delete(tokenId);
    if (entry?.payment) used.delete(entry.payment);
  };
  const expired = (until: number) => until <= clock.now().getTime();
  return {
    hold: (tokenId, code, until) =>
      void held.set(tokenId, { code: Buffer.from(code, 'latin1'), until: until.getTime() }),
    read(tokenId) {
      const entry = held.get(tokenId);
      return entry && !expired(entry.until) ? entry.code.toString('latin1') : undefined;
    },
    use(tokenId, payment) {
      const entry = held.get(tokenId);
      if (!entry) return;
      entry.payment = payment;
      used.set(payment, tokenId);
    },
    drop,
    dropOf(payment) {
      const tokenId = used.get(payment);
      if (tokenId) drop(tokenId);
    },
    dropExpired() {
      for (const [tokenId, { until }] of held) if (expired(until)) drop(tokenId);
    },
    count: () => held.size,
  };
}
