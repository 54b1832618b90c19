/** `ch_0Fk3…9xTq`: the prefix says what it is, the end tells it from its neighbours. */
export function shorten(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}
