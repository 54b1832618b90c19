import type { Edit } from '../scratch.ts';

/** The rooms that mistakes are planted in: at least two of our own in each. */
export const rooms = [
  'payments core',
  'payments verbs',
  'events',
  'idempotency',
  'webhooks',
  'providers',
  'sandbox connector',
  'ledger',
] as const;

export type Room = (typeof rooms)[number];

/** One mistake that somebody could make in the product, as a small patch on a copy of the tree. */
export interface Mistake {
  name: string;
  room: Room;
  /** One sentence: what was done wrong, and whom it hurts. A wall of the database that is taken down is named. */
  says: string;
  /** Its name among the wrong variants of the protocol's model. */
  variantOf?: string;
  edits: readonly Edit[];
  /** The invariants that it is expected to break, by their numbers. */
  breaks: readonly `I${number}`[];
}

/** Lines of code in a patch. */
export function lines(...text: string[]): string {
  return text.join('\n');
}

/** A sentence that is longer than a line. */
export function words(...parts: string[]): string {
  return parts.join(' ');
}
