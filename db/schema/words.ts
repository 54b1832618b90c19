import { SQL, type SQLWrapper, StringChunk, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

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

/** A function that says what a CHECK would otherwise say in many words. */
export interface Law {
  name: string;
  /** Parameters, as DDL has them. */
  takes: string;
  /** An expression over the parameters. */
  says: string;
}

/** Our own words as a list in the text of a law. */
export function listed(list: readonly string[]): string {
  return new PgDialect().sqlToQuery(words(list)).sql;
}

/**
 * PostgreSQL reads a CHECK's text anew for each statement that writes a row: of the whole table of moves that cost more
 * than writing the row. Of a function it keeps what it has read. What a law says is written by a migration, and held to
 * what stands here by `laws.test.ts`.
 */
export function holds({ name }: Law, ...columns: readonly SQLWrapper[]): SQL {
  return sql`${new SQL([new StringChunk(name)])}(${sql.join([...columns], sql`, `)})`;
}

/** What a migration makes the law by. */
export function lawInDdl({ name, takes, says }: Law): string {
  return `CREATE FUNCTION ${name}(${takes}) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$${bodyOf({ says })}$$;`;
}

export function bodyOf({ says }: Pick<Law, 'says'>): string {
  return `\nBEGIN\n  RETURN ${says};\nEND `;
}
