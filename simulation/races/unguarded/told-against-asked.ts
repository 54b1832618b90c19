import { noCompareAndSwap, noRefundCap } from './compare-and-swap.ts';
import type { Unguarded } from './unguarded.ts';

const file = 'server/payments/core/decide-foreign.ts';

/** Two webhooks at two processes look, see nothing, and both write it down. */
const lookThenWrite: Unguarded = {
  name: 'what is told is looked up, then written',
  scene: 'told-against-asked',
  why: 'The mover no longer compares the version that was decided on: what two tell at once is recorded twice.',
  edits: noCompareAndSwap,
};

/** Whoever tells it again makes another one of it. */
const toldAgain: Unguarded = {
  name: 'a foreign refund for each time it is told',
  scene: 'told-against-asked',
  why: "Nobody looks whether the acquirer's id of a foreign refund is on record already.",
  edits: [
    {
      file,
      find: '  if (known) return undefined;',
      replace: '  if (known && payment.version < 0) return undefined;',
    },
  ],
};

/** What a provider tells of itself takes what one of ours, still on its way, has reserved. */
const beyondReserve: Unguarded = {
  name: 'a foreign refund of what is reserved',
  scene: 'told-against-asked',
  why: 'What is on its way back is not counted when a foreign refund comes in, and the CHECK is gone.',
  edits: [
    {
      file,
      find: 'return most - refunded - refundReserved;',
      replace: 'return refundReserved < 0n ? 0n : most - refunded;',
    },
    noRefundCap,
  ],
};

export const toldAgainstAsked = [lookThenWrite, toldAgain, beyondReserve];
