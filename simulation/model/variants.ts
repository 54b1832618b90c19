/** The wrong variants: each is one mistake that a protocol like ours can make, under its name in the literature. */
export const variants = {
  payment: [
    'no provider key',
    'timeout = failed',
    '"not found" = failed',
    'call before writing the intent',
    'reconciler reads, then writes without compare-and-set',
    'webhook writes blindly',
    'check for capture/void without claim',
    'posting in a second transaction',
    'resend after the provider forgot the key',
  ],
  failover: ['cascade on timeout', 'cancel without tombstone', 'a "not found" outlives a later send'],
  refunds: ['refund: check then act', 'refund: reservation released on timeout'],
  outbox: [
    'publish after commit, no outbox',
    'ack before effect',
    'no dedupe',
    'dedupe row in another transaction than the effect',
    'poll by sequence cursor',
  ],
} as const;

export type Variant<M extends keyof typeof variants> = (typeof variants)[M][number];
