import { capped } from './caps.ts';
import type { Invariant } from './invariant.ts';
import { theLog } from './the-log.ts';

/** All that Florin promises about money, in the order in which it is told. */
export const invariants: readonly Invariant[] = [...capped, ...theLog];
