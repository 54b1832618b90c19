import type { OperationStatus } from '#server/payments/view.ts';
import type { Tone } from '../../tone.ts';

export const statusTone = {
  open: 'wait',
  challenged: 'wait',
  pending: 'wait',
  accepted: 'ok',
  refused: 'bad',
  absent: 'muted',
} as const satisfies Record<OperationStatus, Tone>;

/** Asked of a provider, and not answered for good. */
export function isUnclosed(status: OperationStatus): boolean {
  return statusTone[status] === 'wait';
}
