/** Thrown when the program contradicts itself: a bug, never a caller's mistake. */
export class Broken extends Error {
  override name = 'Broken';
}

/**
 * @throws Broken when `holds` is false. The message names the rule that was broken, without data that may be secret.
 */
export function invariant(holds: unknown, rule: string): asserts holds {
  if (!holds) throw new Broken(rule);
}
