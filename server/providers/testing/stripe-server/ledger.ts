import type { Clock } from '#server/kernel/clock.ts';

/** One line of the books: what really happened, in minor units. */
export interface Effect {
  at: string;
  kind: 'authorization' | 'capture' | 'void' | 'refund';
  id: string;
  key: string;
  reference: string;
  amount: number;
  currency: string;
  last4: string;
}

export interface Failure {
  type: string;
  code?: string;
  decline_code?: string;
  message: string;
  param?: string;
}

export interface Charge {
  object: 'charge';
  id: string;
  amount: number;
  captured: boolean;
  refunded: number;
  balance_transaction: { object: 'balance_transaction'; id: string; fee: number; currency: string } | null;
}

export interface Intent {
  object: 'payment_intent';
  id: string;
  amount: number;
  amount_capturable: number;
  amount_received: number;
  currency: string;
  status: 'requires_payment_method' | 'requires_action' | 'requires_capture' | 'succeeded' | 'canceled';
  created: number;
  livemode: false;
  metadata: Record<string, string>;
  last_payment_error: Failure | null;
  latest_charge: Charge | null;
  next_action: { type: 'redirect_to_url'; redirect_to_url: { url: string; return_url: string } } | null;
  cancellation_reason: string | null;
  capture_method: 'manual';
}

/** What stands beside an intent, and is told to nobody. */
export interface Secrets {
  last4: string;
  number: string;
}

export interface Refund {
  object: 'refund';
  id: string;
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  status: 'succeeded';
  reason: null;
  metadata: Record<string, string>;
}

/** All that this account holds, and the books. */
export function makeLedger(clock: Pick<Clock, 'now'>) {
  const intents = new Map<string, Intent>();
  const secrets = new Map<string, Secrets>();
  const refunds: Refund[] = [];
  const effects: Effect[] = [];
  let made = 0;
  return {
    intents,
    refunds,
    effects,
    now: () => Math.floor(clock.now().getTime() / 1000),
    id(prefix: string) {
      made += 1;
      return `${prefix}_${made.toString(36).padStart(8, '0')}FlorinTest`;
    },
    hold(intent: Intent, secret: Secrets) {
      intents.set(intent.id, intent);
      secrets.set(intent.id, secret);
    },
    numberOf: (intent: Intent) => secrets.get(intent.id)?.number ?? '',
    write(intent: Intent, line: Pick<Effect, 'kind' | 'id' | 'key' | 'amount'>) {
      const { currency, metadata } = intent;
      const last4 = secrets.get(intent.id)?.last4 ?? '';
      const reference = metadata.florin_reference ?? '';
      effects.push({ at: clock.now().toISOString(), ...line, reference, currency: currency.toUpperCase(), last4 });
    },
  };
}

export type Ledger = ReturnType<typeof makeLedger>;
