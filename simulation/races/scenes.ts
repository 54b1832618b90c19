import type { Scene } from './cast.ts';
import { captureAgainstVoid } from './scenes/capture-against-void.ts';
import { consumers } from './scenes/consumers.ts';
import { oneKey } from './scenes/one-key.ts';
import { refunds } from './scenes/refunds.ts';
import { toldAgainstAsked } from './scenes/told-against-asked.ts';
import { twoSweeps } from './scenes/two-sweeps.ts';
import { captureAgainstVoid as captureUnguarded } from './unguarded/capture-against-void.ts';
import { consumers as consumersUnguarded } from './unguarded/consumers.ts';
import { oneKey as oneKeyUnguarded } from './unguarded/one-key.ts';
import { refunds as refundsUnguarded } from './unguarded/refunds.ts';
import { toldAgainstAsked as toldUnguarded } from './unguarded/told-against-asked.ts';
import { twoSweeps as sweepsUnguarded } from './unguarded/two-sweeps.ts';
import type { Unguarded } from './unguarded/unguarded.ts';

export const scenes: readonly Scene[] = [refunds, captureAgainstVoid, toldAgainstAsked, oneKey, consumers, twoSweeps];

export const unguarded: readonly Unguarded[] = [
  ...refundsUnguarded,
  ...captureUnguarded,
  ...toldUnguarded,
  ...oneKeyUnguarded,
  ...consumersUnguarded,
  ...sweepsUnguarded,
];
