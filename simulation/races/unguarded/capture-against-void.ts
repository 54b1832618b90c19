import { noCompareAndSwap, noOnePath, noOneUnclosed } from './compare-and-swap.ts';
import type { Unguarded } from './unguarded.ts';

/** Check, then act. */
const checkThenAct: Unguarded = {
  name: 'a capture and a void that are checked, then made',
  scene: 'capture-against-void',
  why: 'Neither the version nor the unique index stops the second of two that were decided on the same payment.',
  edits: [...noCompareAndSwap, noOnePath, noOneUnclosed],
};

/** A capture may be asked for while nobody knows what became of a void. */
const besideUnclosed: Unguarded = {
  name: 'a capture beside an open void',
  scene: 'capture-against-void',
  why: 'Neither the decision nor the unique index asks whether something else of the payment is still open.',
  edits: [
    {
      file: 'server/payments/core/decide.ts',
      find: 'if (!unclosed) return;',
      replace: 'if (unclosed !== null) return;',
    },
    noOneUnclosed,
  ],
};

export const captureAgainstVoid = [checkThenAct, besideUnclosed];
