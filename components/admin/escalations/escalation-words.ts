import type { EscalationKind, Finding, OperationKind } from '#server/payments/view.ts';
import type { Tone } from '../../tone.ts';

/** What somebody has to look after, in a few words. Forget a kind and it does not compile. */
export const kindWords = {
  unanswered: 'No answer',
  stray: 'Money after the end',
  stuck: 'Hold not released',
} as const satisfies Record<EscalationKind, string>;

export const statusWords = {
  open: 'Waits for a person',
  proposed: 'Waits for a second person',
  closed: 'Closed',
} as const;

export const statusTones = { open: 'warn', proposed: 'wait', closed: 'muted' } as const satisfies Record<
  keyof typeof statusWords,
  Tone
>;

interface Happened {
  kind: EscalationKind;
  operationKind: OperationKind | null;
  provider: string | null;
}

/** What happened, to the money first. */
export function whatHappened({ kind, operationKind, provider }: Happened, money: string): string {
  const at = provider ?? 'The provider';
  switch (kind) {
    case 'unanswered':
      return `${money} may or may not have ${moved(operationKind)}. ${at} has given no answer that settles it, however often it was asked.`;
    case 'stray':
      return `${money} has ${moved(operationKind)}, says ${at}, after the payment had ended without it.`;
    case 'stuck':
      return `${money} is still held on the shopper’s card. Letting it go was asked for, and ${at} said no.`;
  }
}

function moved(operation: OperationKind | null): string {
  switch (operation) {
    case 'authorize':
      return 'been held on the shopper’s card';
    case 'capture':
      return 'been taken from the shopper';
    case 'void':
      return 'been let go';
    case 'refund':
      return 'gone back to the shopper';
    default:
      return 'moved';
  }
}

/** What one may have found out at the provider, in the words of this operation. */
export function findingWords(operation: OperationKind | null): Record<Finding, { says: string; follows: string }> {
  const word = operation === 'authorize' ? 'authorization' : (operation ?? 'operation');
  return {
    took_place: {
      says: `The ${word} took place`,
      follows: 'It is recorded as the provider’s yes, and the payment goes on from there.',
    },
    did_not: {
      says: `The ${word} did not take place, and will not`,
      follows: 'It is recorded as the provider’s no. The shopper may be charged anew only after that.',
    },
    settled_otherwise: {
      says: 'It was put right at the provider',
      follows: 'Nothing is recorded on the payment but that people have settled it.',
    },
  };
}
