/** Every fault, and where it takes effect: in our answer, a webhook, how long a challenge lasts, a settlement file. */
// biome-ignore format: one row per place
export const faults = {
  lose_before: 'answer', lose_after: 'answer', error: 'answer', slow: 'answer', reset: 'answer', hang: 'answer',
  act_later: 'answer', rate_limit: 'answer', wrong_amount: 'answer', wrong_currency: 'answer', wrong_id: 'answer',
  broken_json: 'answer',
  webhook_drop: 'webhook', webhook_delay: 'webhook', webhook_duplicate: 'webhook', webhook_reorder: 'webhook',
  webhook_replay: 'webhook', webhook_forge: 'webhook', webhook_stale: 'webhook', webhook_future: 'webhook',
  webhook_wrong_amount: 'webhook', webhook_wrong_currency: 'webhook',
  challenge_lifetime: 'challenge',
  settlement_missing: 'settlement', settlement_extra: 'settlement', settlement_duplicate: 'settlement',
  settlement_late: 'settlement', settlement_malformed: 'settlement', settlement_wrong_amount: 'settlement',
  settlement_wrong_currency: 'settlement', settlement_wrong_fee: 'settlement',
} as const;

export type Fault = keyof typeof faults;
export type Place = (typeof faults)[Fault];
/** The faults of one place. */
export type FaultAt<P extends Place> = { [F in Fault]: (typeof faults)[F] extends P ? F : never }[Fault];

export const askKinds = ['authorize', 'capture', 'void', 'refund', 'cancel', 'inquire', 'chargeback'] as const;
export type AskKind = (typeof askKinds)[number];

/** A fault to inject, and into what. */
export interface Lever<F extends Fault = Fault> {
  fault: F;
  /** All kinds where left out. */
  kind?: AskKind;
  /** Of the card; all cards where left out. */
  last4?: string;
  /** How often; until it is removed where left out. */
  times?: number;
  /** How long, how late or how far off, by the fault. */
  milliseconds?: number;
  /** `error`, `reset`, `slow` and `hang` only: process the request first. */
  after?: boolean;
  /** `webhook_duplicate` only: how many come in place of one. */
  copies?: number;
}

/** A pulled lever and how often it took effect: a fault that never did was not tested. */
export interface PulledLever extends Lever {
  id: number;
  took: number;
}

export interface Levers {
  pull(lever: Lever): PulledLever;
  release(): void;
  list(): PulledLever[];
  /** The oldest lever that fits here, used up by one, or undefined. */
  take<P extends Place>(place: P, what: { kind: AskKind; last4: string | undefined }): Lever<FaultAt<P>> | undefined;
}

export function makeLevers(): Levers {
  let pulled: PulledLever[] = [];
  let last = 0;
  return {
    pull(lever) {
      last += 1;
      const made = { id: last, ...lever, took: 0 };
      pulled.push(made);
      return made;
    },
    release() {
      pulled = [];
    },
    list: () => pulled,
    take<P extends Place>(place: P, { kind, last4 }: { kind: AskKind; last4: string | undefined }) {
      const isHere = (one: PulledLever): one is PulledLever & Lever<FaultAt<P>> => faults[one.fault] === place;
      const lever = pulled.find(
        (one) =>
          isHere(one) &&
          one.took < (one.times ?? Number.POSITIVE_INFINITY) &&
          (one.kind ?? kind) === kind &&
          (one.last4 === undefined || one.last4 === last4),
      );
      if (!lever || !isHere(lever)) return undefined;
      lever.took += 1;
      return lever;
    },
  };
}
