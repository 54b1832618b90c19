import { noCompareAndSwap } from './compare-and-swap.ts';
import type { Unguarded } from './unguarded.ts';

const file = 'server/payments/core/decide-outcome.ts';

/** Check, then act. */
const checkThenAct: Unguarded = {
  name: 'refunds that are checked, then made',
  scene: 'refunds',
  why: 'The mover no longer compares the version that was decided on: two refunds reserve the same money.',
  edits: noCompareAndSwap,
};

/** Silence is taken for a no. */
const letGoOnSilence: Unguarded = {
  name: 'a reserve that silence lets go',
  scene: 'refunds',
  why: 'An unanswered refund gives its reserve back, though the acquirer may have made it.',
  edits: [
    {
      file,
      find: '      return leftOpen(change, operation, outcome.why, { ...detail, told });\n  }\n}',
      replace: `      if (operation.kind === 'refund') change.set({ refundReserved: 0n });
      return leftOpen(change, operation, outcome.why, { ...detail, told });
  }
}`,
    },
    {
      file,
      find: 'return change.set({ refundReserved: change.after.refundReserved - refund.amount });',
      replace: `const { refundReserved: reserved } = change.after;
  return change.set({ refundReserved: reserved < refund.amount ? 0n : reserved - refund.amount });`,
    },
  ],
};

export const refunds = [checkThenAct, letGoOnSilence];
