/** Why a line and our books differ, as far as the two tell; the console says each word in a sentence. */
export const causes = [
  'adjustment',
  'amount_changed',
  'chargeback',
  'converted',
  'fee_changed',
  'file_missing',
  'foreign_refund',
  'late_effect',
  'line_repeated',
  'lost_response',
  'net_of_fee',
  'not_paid_yet',
  'not_settled_yet',
  'paid_twice',
  'refund_returned',
  'rounding',
  'settled_late',
  'settled_twice',
  'unknown_payment',
  'unknown_payout',
] as const;

export type Cause = (typeof causes)[number];
