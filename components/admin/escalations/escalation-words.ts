import type { EscalationKind, Finding, OperationKind } from '#server/payments/view.ts';
import type { Tone } from '../../tone.ts';

/** What somebody has to look after, in a few words. Forget a kind and it does not compile. */
export const kindWords = {
  unanswered: 'No answer',
  stray: 'Money after the end',
  stuck: 'Hold not released',
  undone: 'Refund came back',
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
  const at = provider ?? 'the provider';
  switch (kind) {
    case 'unanswered':
      return `${money} may or may not have ${moved(operationKind)}: ${at} has given no answer that settles it, however often it was asked.`;
    case 'stray':
      return `${money} has ${moved(operationKind)}, says ${at}, after the payment had ended without it.`;
    case 'stuck':
      return `${money} is still held on the shopper’s card. Letting it go was asked for, and ${at} said no.`;
    case 'undone':
      return `${money} was refunded and came back to ${at}: the shopper does not have it.`;
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

export type FindingWords = { says: string; follows: string };

/** What one may have found out at the provider about each kind, in the words of its operation. */
export function findingWords({ kind, operationKind, provider }: Happened): Partial<Record<Finding, FindingWords>> {
  const it = operationKind === 'authorize' ? 'authorization' : (operationKind ?? 'operation');
  const at = provider ?? 'the provider';
  switch (kind) {
    case 'unanswered':
      return {
        took_place: {
          says: `The ${it} took place`,
          follows: 'It is recorded as the provider’s yes, and the payment goes on from there.',
        },
        did_not: {
          says: `The ${it} did not take place, and never will`,
          follows: `It is recorded as never done. ${afterNever(operationKind)}`,
        },
      };
    case 'stray':
      return {
        settled_otherwise: {
          says: `The money was given back at ${at}`,
          follows: 'It stops being on record as stray. Nothing else is done.',
        },
        did_not: {
          says: `${at} was wrong: no money moved`,
          follows: 'It stops being on record as stray. Nothing else is done.',
        },
      };
    case 'stuck':
      return {
        settled_otherwise: {
          says: `The hold was let go of at ${at}`,
          follows: 'The payment ends as voided, and the shopper’s money is free.',
        },
      };
    case 'undone':
      return {
        settled_otherwise: {
          says: 'The shopper got the money, by another refund or otherwise',
          follows: 'Nothing else is done: refund it anew on the payment’s page where that is what the shopper needs.',
        },
      };
  }
}

function afterNever(operation: OperationKind | null): string {
  switch (operation) {
    case 'capture':
    case 'void':
      return `The ${operation} is then asked for anew.`;
    case 'refund':
      return 'The refund ends, and may be made again.';
    default:
      return 'The payment ends unpaid, and the shopper may try again.';
  }
}
