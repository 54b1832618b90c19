import type { WebhookReason, WebhookStatus } from '#server/webhooks/webhooks.ts';
import type { Tone } from '../../tone.ts';

export const statusWords = {
  received: 'Waiting',
  applied: 'Applied',
  known: 'Known already',
  ignored: 'Not about money',
  rejected: 'Rejected',
} as const satisfies Record<WebhookStatus, string>;

export const statusTones = {
  received: 'wait',
  applied: 'ok',
  known: 'muted',
  ignored: 'muted',
  rejected: 'bad',
} as const satisfies Record<WebhookStatus, Tone>;

/** Why it was rejected, in a few words. Forget a reason and it does not compile. */
export const reasonWords = {
  address_refused: 'Unknown address',
  signature_missing: 'Not signed',
  signature_wrong: 'Wrong signature',
  too_old: 'Too old',
  in_future: 'From the future',
  malformed: 'Not readable',
  replayed: 'Replayed',
  event_reused: 'Event used twice',
  unmatched: 'Nothing matches',
  provider_differs: 'Other provider',
  kind_differs: 'Other operation',
  amount_differs: 'Other amount',
  currency_differs: 'Other currency',
} as const satisfies Record<WebhookReason, string>;

const why = {
  address_refused: 'It came from an address that is not on the provider’s list.',
  signature_missing: 'It carries no signature, so anybody may have sent it.',
  signature_wrong:
    'Its signature fits none of the provider’s secrets: somebody else sent it, or its body was changed on the way. Many of these after a change of secrets mean that one side still uses the old one.',
  too_old:
    'It was signed more than five minutes before it came. True webhooks are signed anew each time they are sent.',
  in_future: 'It was signed more than five minutes ahead of our clock.',
  malformed: 'Its signature holds, and its content is not what this provider sends.',
  replayed: 'It is a copy of a message that had come before, down to its time and signature.',
  event_reused: 'Its id belongs to an event that had said something else before.',
  unmatched: 'Its signature holds, and it speaks of an operation that is not ours.',
  provider_differs: 'It speaks of an operation that another provider was asked for.',
  kind_differs: 'It speaks of one of our operations, and of another kind of it than we asked for.',
  amount_differs: 'It speaks of one of our operations, with another amount than we asked for.',
  currency_differs: 'It speaks of one of our operations, in another currency than we asked for.',
} as const satisfies Record<WebhookReason, string>;

/** What became of it, to the money first. */
export function whatBecame(status: WebhookStatus, reason: WebhookReason | null): string {
  switch (status) {
    case 'received':
      return 'It is stored and has changed nothing yet. The worker takes it up by itself.';
    case 'applied':
      return 'It was believed, and its payment was moved.';
    case 'known':
      return 'It was believed, and told nothing that was not known. Nothing was changed.';
    case 'ignored':
      return 'It was believed, and is not about money. Nothing was changed.';
    case 'rejected':
      return reason ? `Nothing was changed. ${why[reason]}` : 'Nothing was changed.';
  }
}
