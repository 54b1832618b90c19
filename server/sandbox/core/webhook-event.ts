import { answerOf, type Entry } from './entry.ts';
import type { AskKind } from './levers.ts';

/** How levers call what an entry is about. */
const askKinds = {
  authorization: 'authorize',
  capture: 'capture',
  void: 'void',
  refund: 'refund',
  chargeback: 'chargeback',
  tombstone: 'cancel',
} as const satisfies Record<Entry['kind'], AskKind>;

export function askKindOf({ kind }: Entry): AskKind {
  return askKinds[kind];
}

/** What the merchant is told of a decision, unasked; undefined where there is nothing to tell. */
export function eventOf(entry: Entry): { type: string; data: object } | undefined {
  if (entry.kind === 'tombstone' || entry.status === 'challenged') return undefined;
  if (!entry.origin) {
    const answer = answerOf(entry, () => '');
    return { type: 'operation.decided', data: { key: entry.key, ...answer } };
  }
  // Of a hold that a person lets go here, nobody is told.
  if (entry.status !== 'approved' || entry.kind === 'void') return undefined;
  const { id, capture, amount, currency } = entry;
  const type = entry.kind === 'chargeback' ? 'chargeback.opened' : 'refund.made_in_console';
  return { type, data: { id, capture_id: capture, amount, currency } };
}
