import type { Random } from '#server/kernel/secret.ts';

const first = 1_000;
const most = 60_000;

/** After so many tries without an answer a person is asked: some seven minutes, with the waiting in between. */
export const triesAtMost = 12;

/**
 * Milliseconds to wait after the try of this number, from 1: twice as long each time, and by chance up to half less, so
 * that what failed together does not come back together.
 */
export function waitAfter(tries: number, random: Random): number {
  const longest = Math.min(most, first * 2 ** Math.min(tries - 1, 20));
  return Math.round(longest * (0.5 + random(4).readUInt32BE() / 2 ** 33));
}

/** `milliseconds` after a moment. */
export function later(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds);
}
