import { makeScratch } from '../scratch.ts';
import { openPlayer } from './side-by-side.ts';
import type { Unguarded } from './unguarded/unguarded.ts';

/** What became of a scene whose guard is gone. */
export interface Noticed {
  guard: Unguarded;
  /** After how many schedules it was noticed; undefined where it never was. */
  after: number | undefined;
  /** What broke then. */
  broken: readonly string[];
}

/** How many schedules it may take. */
export const noticedWithin = 100;

/** Takes one guard away, in a copy of the tree, and plays its scene there. */
export async function playUnguarded(guard: Unguarded, from: number): Promise<Noticed> {
  const { folder, dispose } = await makeScratch([guard]);
  const player = openPlayer(folder);
  try {
    const part = { scene: guard.scene, from, schedules: noticedWithin, untilBroken: true };
    const { broken } = await player.play(part);
    const [first] = broken;
    return { guard, after: first && first.seed - from + 1, broken: first?.broken ?? [] };
  } finally {
    await player.end();
    await dispose();
  }
}

export function lineOfNoticed({ guard, after, broken }: Noticed): string {
  const found = after === undefined ? `NOT NOTICED in ${noticedWithin}` : `noticed after ${after}`;
  return `${guard.scene.padEnd(22)}${guard.name.padEnd(50)}${found}: ${broken[0] ?? guard.why}`;
}
