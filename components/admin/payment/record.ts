/** For what an event carries: JSON whose shape is known to whoever wrote it. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
