import type { Patch } from '../../scratch.ts';

/** A guard that is taken away, and the scene that has to notice. Where two walls stand, both are gone. */
export interface Unguarded extends Patch {
  scene: string;
}
