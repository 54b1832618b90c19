/**
 * True of an error that one row of a set-based statement may have brought about: SQLSTATE classes 22 (data), 23
 * (integrity) and 40 (rollback). Anything else would hit each half of a batch alike.
 */
export function isOfOneRow(error: unknown): boolean {
  return /^(22|23|40)/.test(String(Object(error).code));
}
