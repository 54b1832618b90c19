import { SQL, type SQLWrapper, StringChunk, sql } from 'drizzle-orm';

/** Our own tables' words, quoted for DDL, where parameters are not allowed. Refuses anything but a plain word. */
export function words(list: readonly string[]): SQL {
  const plain = list.every((word) => /^[a-z_.]+$/.test(word));
  if (!plain) throw new Error(`only plain words may stand in DDL: ${list.join(', ')}`);
  return new SQL([new StringChunk(list.map((word) => `'${word}'`).join(', '))]);
}

/** `column IN ('a', 'b')`, for CHECKs and partial indexes. */
export function oneOf(column: SQLWrapper, list: readonly string[]): SQL {
  return sql`${column} IN (${words(list)})`;
}
