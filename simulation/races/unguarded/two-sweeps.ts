import { noCompareAndSwap, noFirstAnswer, noOnePath } from './compare-and-swap.ts';
import type { Unguarded } from './unguarded.ts';

/** The repair job that writes what it has read a while ago. */
const lateWriter: Unguarded = {
  name: 'an answer that is written over another',
  scene: 'two-sweeps',
  why: 'Neither the version nor the triggers mind that a worker, or the process itself, has recorded the answer already.',
  edits: [...noCompareAndSwap, noFirstAnswer, noOnePath],
};

/** A repair that asks for something new. */
const newKey: Unguarded = {
  name: 'a resend under another key',
  scene: 'two-sweeps',
  why: 'What is sent again has a key of its own, so that the acquirer does it once more.',
  edits: [
    {
      file: 'server/payments/core/draft.ts',
      find: 'sends: operation.sends + 1,',
      replace: 'sends: operation.sends + 1,\n    step: operation.step + 1,',
    },
  ],
};

export const twoSweeps = [lateWriter, newKey];
