import type { DifferenceEnd, DifferenceKind, FileStatus, LineKind } from '#server/reconciliation/questions/view.ts';
import type { Tone } from '../../tone.ts';

/** What differs, in a few words. Forget a kind and it does not compile. */
export const kindWords = {
  missing_at_provider: 'Missing there',
  missing_here: 'Missing here',
  amount: 'Other amount',
  currency: 'Other currency',
  fee: 'Other fee',
  duplicate: 'Twice',
  late: 'Late',
  status: 'Other outcome',
} as const satisfies Record<DifferenceKind, string>;

export const endWords = {
  resolved: 'Resolved',
  written_off: 'Written off',
  matched: 'Matched by hand',
} as const satisfies Record<DifferenceEnd, string>;

export const lineWords = {
  capture: 'Capture',
  refund: 'Refund',
  refund_returned: 'Refund came back',
  chargeback: 'Chargeback',
  fee: 'Fee',
  payout: 'Payout',
  adjustment: 'Adjustment',
} as const satisfies Record<LineKind, string>;

export const fileWords = {
  stored: 'Stored',
  read: 'Read',
  matched: 'Matched',
  posted: 'Posted',
} as const satisfies Record<FileStatus, string>;

export const fileTones = {
  stored: 'wait',
  read: 'wait',
  matched: 'wait',
  posted: 'ok',
} as const satisfies Record<FileStatus, Tone>;

const causes: Record<string, string> = {
  adjustment: 'The provider changed its account by itself. Ask what for.',
  amount_changed: 'The provider settled another amount than it had answered.',
  chargeback: 'The shopper’s bank took the money back, and no payment of ours was found for it.',
  converted: 'The provider settled in another currency than was charged: it may have converted.',
  fee_changed: 'The provider kept another fee than it had answered.',
  file_missing: 'No file of that day has come yet.',
  foreign_refund: 'The refund was made at the provider and not here.',
  late_effect: 'We were told no, and the provider did it all the same.',
  line_repeated: 'The file has the line twice.',
  lost_response: 'The provider’s answer was lost on its way: it did what we had given up.',
  net_of_fee: 'The provider’s amount is ours less the fee: the file may be net where we expect gross.',
  not_paid_yet: 'The payout is announced and has not come to the bank yet.',
  not_settled_yet: 'The provider has not settled it yet. A later file may have it.',
  paid_twice: 'The bank shows the payout twice.',
  refund_returned: 'The refund came back to the provider.',
  rounding: 'One minor unit: somebody rounded otherwise.',
  settled_late: 'The provider settled it later than it usually does.',
  settled_twice: 'An earlier file had settled it already.',
  unknown_payment: 'The file names a payment that is not ours.',
  unknown_payout: 'The bank names a payout that no file has.',
};

/** The likely cause in a sentence. */
export function causeInWords(cause: string): string {
  return causes[cause] ?? 'Neither side tells why. Look at both.';
}

interface Differing {
  kind: DifferenceKind;
  leg: 'settlement' | 'bank';
  provider: string;
}

/** What differs in a sentence, to the money first. */
export function whatDiffers({ kind, leg, provider }: Differing, ours: string, theirs: string): string {
  const [here, there] =
    leg === 'bank'
      ? [provider === 'bank' ? 'the providers’ files' : `${provider}’s file`, 'the bank']
      : ['our books', provider];
  switch (kind) {
    case 'missing_at_provider':
      return `${ours} stands in ${here}, and ${there} does not have it.`;
    case 'missing_here':
      return `${theirs} stands at ${there}, and is not in ${here}.`;
    case 'amount':
      return `${there} says ${theirs}, where ${here} ${leg === 'bank' ? 'says' : 'say'} ${ours}.`;
    case 'currency':
      return `${there} has it in another currency: ${theirs} there, ${ours} here.`;
    case 'fee':
      return `${there} kept a fee of ${theirs}, where ${ours} was expected.`;
    case 'duplicate':
      return `${there} has ${theirs} once more than it happened.`;
    case 'late':
      return `${there} settled ${theirs} later than its days allow.`;
    case 'status':
      return `${there} settled ${theirs}, which had not gone through by ${here}.`;
  }
}
